"""Texts claim ids and addresses: each is somebody's only once, in the whole library."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from newsfeed.model import Link, PlaceLink
    from newsfeed.problems import Location


class IdClaims(NamedTuple):
    """The id and the addresses a text claims for itself, and what others have to know of it."""

    kind: str
    id: str
    where: Location
    """The place at which it says its id."""
    source: str
    """The file with the facts."""
    addresses: Sequence[tuple[str, str]]
    """(output path, file) of its own pages."""
    link_names: Mapping[str, Collection[str]]
    """File → names by which it links to something on the site; of all its files."""
    own_links: Mapping[str, Sequence[Link]]
    """Of its files, those that have absolute links to the site, with these."""
    authors: tuple[tuple[str, Location], ...]
    has_extra_paths: bool
    """It has assets or aliases."""
    place_links: Mapping[str, Sequence[PlaceLink]]
    """Of its files, those that link to places in other texts, with these links."""
    anchors: Mapping[str, frozenset[str]]
    """Of its files, those whose text has ids, with these."""
    guids: Sequence[tuple[str, Location]] = ()
    """The foreign feed ids that its texts keep, and where they say so."""
