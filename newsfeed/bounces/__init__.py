"""The verb that reads returned mail: failure reports and complaints, believed as far as a token proves them.

What a report says is decided in `newsfeed.core.bounces`; mailboxes are edges.
"""
