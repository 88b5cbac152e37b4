"""Decide when a digest is due, what it holds, and for whom.

Sending it is decided in `newsfeed.core.delivery`.
"""
