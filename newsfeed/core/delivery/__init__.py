"""Decide what becomes of one message: what a reply means, when to try again, and how it is told.

The sending itself is `newsfeed.delivery`.
"""
