"""newsfeed: files in git become feeds, pages and e-mail digests in every reader's language."""

__version__ = "0.1.0"
