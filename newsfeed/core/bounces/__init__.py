"""Read returned mail: what it reports, about whom, and how serious it is.

What follows for a subscriber is decided in `newsfeed.core.people.subscription`.
"""
