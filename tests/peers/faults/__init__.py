"""Faults to plant in the good samples, each with the words that must give it away."""

from .atom import ATOM_FAULTS
from .fault import Fault, assert_says
from .jsonfeed import JSON_FAULTS
from .mail import MAIL_FAULTS, PARTS_FAULTS
from .opml import OPML_FAULTS
from .page import PAGE_FAULTS, SITE_FAULTS
from .rss import RSS_FAULTS

__all__ = [
    "ATOM_FAULTS",
    "JSON_FAULTS",
    "MAIL_FAULTS",
    "OPML_FAULTS",
    "PAGE_FAULTS",
    "PARTS_FAULTS",
    "RSS_FAULTS",
    "SITE_FAULTS",
    "Fault",
    "assert_says",
]
