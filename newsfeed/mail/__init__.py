"""One mail as bytes: parts, headers, footer, signature, and what is each reader's own.

Sending is the work of `newsfeed.channels`; what a digest says is decided in `newsfeed.core.digests`.
"""
