"""Decisions about what is pushed: whether a commit can be checked out, what a webhook and a history say.

Values in, values out; git, files and networks are asked in `newsfeed.sources` and `newsfeed.web`.
"""
