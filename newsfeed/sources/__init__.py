"""Edges that read a site's files."""
