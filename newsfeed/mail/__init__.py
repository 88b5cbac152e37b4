"""One mail as bytes: MIME parts, headers, footer, signature, and what is put in for each reader.

Sending is the work of `newsfeed.channels`; what a digest says is decided in `newsfeed.core.digests`.
"""
