"""The publish verb: files become a library, the site is planned and rendered, and what changed is written.

`full`, `incremental` and `cache.state` are the three builds; `output` alone writes to the published folder.
What a page or feed says is decided in `newsfeed.core.site`, how it looks in `newsfeed.render`.
"""
