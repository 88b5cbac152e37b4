"""Edge that asks DNS.

dnspython is known here only; what answers mean is decided in `newsfeed.core.checkup`.
"""
