"""Fixtures of stores."""

from tests.contracts.fixtures import place, postgres, postgres_url, shared, store

__all__ = ["place", "postgres", "postgres_url", "shared", "store"]
