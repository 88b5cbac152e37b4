"""Sources: where a site's files come from."""
