"""The content of one file, then that of all files together: the library.

Texts come in as values; reading files is the work of `newsfeed.sources`.
"""
