"""Arriving with the archive of another program: where each text belongs here, and what is doubtful.

Other programs' files are read in `newsfeed.sources.archives`, ours are written in
`newsfeed.editorial.arriving`.
"""
