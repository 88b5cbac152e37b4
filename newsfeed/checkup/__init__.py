"""Verbs of ``newsfeed doctor``: ask DNS, relays and web servers, side by side, and judge what they say.

What is said about it is decided in `newsfeed.core.checkup`.
"""
