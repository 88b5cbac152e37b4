"""Fixtures of stores on a server."""

from tests.contracts.fixtures import postgres

__all__ = ["postgres"]
