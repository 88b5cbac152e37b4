"""The verbs of WebSub: announce feeds that have changed, and be a small hub for them.

Requests are kept as tasks, and done by a job of the service; so nothing that somebody else's server does can
hold up a build. What a request says is decided in `newsfeed.core.publishing.websub`.
"""
