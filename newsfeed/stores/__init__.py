"""Edges that keep people: who reads which digest, in which language."""
