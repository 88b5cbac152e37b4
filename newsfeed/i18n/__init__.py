"""Catalogues and CLDR → the words, names, dates and lists of one language.

Which language stands in for another is decided in `newsfeed.core.content.languages`.
"""
