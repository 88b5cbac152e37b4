"""Archives of other programs, read from files or the web: each module knows one program's way to keep texts.

What is read becomes `newsfeed.core.arriving.moved_text.MovedText`; where that belongs is decided elsewhere.
"""
