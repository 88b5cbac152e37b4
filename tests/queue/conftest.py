"""Fixtures of stores."""

from tests.contracts.fixtures import postgres, postgres_url, shared

__all__ = ["postgres", "postgres_url", "shared"]
