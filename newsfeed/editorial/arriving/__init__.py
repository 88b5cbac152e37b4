"""The verbs of moving: an archive's texts into a site, people into its store, a site out of newsfeed.

They are given what was read (`newsfeed.sources.archives`), decide in `newsfeed.core.arriving`, and write.
"""
