"""What one content file says, then what all of them say together: the library.

Texts come in as values; reading files is the work of `newsfeed.sources`.
"""
