"""Marks for sentences that translators find in the program; they are translated where they are printed."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message for extraction into ``problems.pot``."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """The same for a sentence for a number."""
    return singular, plural
