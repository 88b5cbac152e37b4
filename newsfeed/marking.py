"""Marks for sentences that translators find in the program.

A marked sentence is a plain string; it is translated where it is shown.
"""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a sentence for editors and operators for extraction into ``problems.pot``."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence that depends on a number for extraction into ``problems.pot``."""
    return singular, plural


def msgid(message: str) -> str:
    """Mark a sentence for readers for extraction into ``newsfeed.pot``."""
    return message
