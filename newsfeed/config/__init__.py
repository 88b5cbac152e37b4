"""``config.toml`` → frozen `newsfeed.settings`, with every mistake found in one pass.

The configuration is read and typed here, once; nobody else reads a table of it.
"""
