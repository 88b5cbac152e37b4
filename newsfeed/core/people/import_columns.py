"""Understand a table of people: what its columns mean, and what stands in the cells of one line.

Spreadsheets and newsletter services name columns in their own ways, in the language of their users.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.people.leaving_columns import is_no, plain_name, tells_who_left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAMES = {
    "email": "email|mail|e-mail address|mail address|email addresses|primary email|email 1|e-mail 1 - value"
    "|e-mail-adresse|mailadresse|e-mail-adressen|primäre e-mail-adresse"
    "|adresse e-mail|adresse mail|adresse email|adresse électronique|adresse de messagerie|courriel"
    "|adresse courriel|adresse de courriel|adresse électronique principale"
    "|e-mailadres|mailadres|primair e-mailadres|e-mailadressen",
    "name": "name|full name|display name|contact name|contact|subscriber name"
    "|vollständiger name|anzeigename|nom complet|nom et prénom|prénom et nom|nom affiché|nom"
    "|volledige naam|weergavenaam|naam",
    "given": "first name|given name|given names|forename|fname|vorname|vornamen|rufname|prénom|prénoms"
    "|voornaam|voornamen|roepnaam",
    "middle": "middle name|middle names|weitere vornamen|zweiter vorname|deuxième prénom|autres prénoms"
    "|tussenvoegsel|tussenvoegsels|voorvoegsel|tweede voornaam",
    "family": "last name|surname|family name|lname|nachname|familienname|zuname|nom de famille"
    "|achternaam|familienaam",
    "language": "language|languages|lang|locale|language code|preferred language|edition"
    "|sprache|sprachen|bevorzugte sprache|korrespondenzsprache|sprachcode"
    "|langue|langues|langue préférée|code langue|taal|talen|voorkeurstaal|taalcode",
    "topics": "topics|topic|themen|thema|thèmes|thème|onderwerpen|onderwerp",
    "status": "status|state|subscription status|anmeldestatus|abonnementstatus|statut|état|toestand",
    "left": "unsub time|unsubscribed at|clean time|blacklisted|email blacklisted|blocklisted|unsubscribed"
    "|opted out|opt-out|abgemeldet|désabonné|désinscrit|afgemeld|uitgeschreven",
}
_NO_MAILS = (
    "left|bounced|complained|pending|unsubscribed|unconfirmed|blocklisted|blacklisted|disabled|cleaned|inactive"
    "|abgemeldet|gekündigt|inaktiv|désabonné|désinscrit|inactif|afgemeld|uitgeschreven|inactief"
)
"""Words of a column of states for people who get no mails, or never said that they want them."""
_AROUND = " \t\r\n\u00a0\u202f\u2007\u2000\u2001\u2002\u2003\u2009\u200b\ufeff"
"""Remains of spreadsheets and web pages around an address that was copied."""
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_HYPERLINK = re.compile(
    r"=(?:HYPERLINK|LIEN_HYPERTEXTE)\(\s*\"(?P<address>[^\"]*)\"\s*(?:[;,]\s*\"(?P<label>[^\"]*)\"\s*)?\)",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"mailto:(?P<address>[^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"'(?=[=+\-@])")
"""An apostrophe that keeps a cell from being a formula; `newsfeed subscribers export` writes it, too."""


class Columns(NamedTuple):
    """The columns of a table of people."""

    places: Mapping[str, int]
    """Meaning → place in a row, from 0."""
    names: Sequence[str]
    """As the file writes them."""
    twice: str = ""
    """The name of a column whose meaning another has already, if there is one."""
    leaving: Sequence[int] = ()
    """The places of all columns that tell who gets no mails."""

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return meaning → cell of one row; what is missing at its end is empty."""
        cells = {meaning: row[at] if at < len(row) else "" for meaning, at in self.places.items()}
        if len(self.leaving) > 1:
            signs = (row[at] for at in self.leaving if at < len(row))
            cells["left"] = next((cell for cell in signs if not is_no(cell)), "")
        return cells

    def name_of(self, meaning: str) -> str:
        """Return how the file calls the column with a meaning."""
        return self.names[self.places[meaning]].strip(_AROUND) if meaning in self.places else ""


class WrittenAddress(NamedTuple):
    """The content of a cell for an address."""

    address: str
    """Still to be checked."""
    name: str = ""


def find_columns(names: Sequence[str]) -> Columns:
    """Return what the columns of these names mean; others are left out."""
    places: dict[str, int] = {}
    leaving: list[int] = []
    twice = ""
    for at, name in enumerate(names):
        plain = plain_name(name)
        meaning = _MEANINGS.get(plain) or ("left" if tells_who_left(plain) else "")
        if meaning == "left":
            leaving.append(at)
            places.setdefault(meaning, at)
        elif meaning and meaning in places:
            twice = twice or name.strip(_AROUND)
        elif meaning:
            places[meaning] = at
    return Columns(places, names, twice, leaving)


def read_address(cell: str) -> WrittenAddress:
    """Return the address in a cell: bare, behind ``mailto:``, in a formula that links to it, or beside a name
    as in ``Ada <ada@example.org>``. What could be understood in two ways stays as it is, and is no address.
    """
    text = _ESCAPED.sub("", cell.strip(_AROUND), count=1)
    if found := _HYPERLINK.fullmatch(text):
        address, label = _without_scheme(found["address"]), (found["label"] or "").strip(_AROUND)
        differs = "@" in label and label.casefold() != address.casefold()
        return WrittenAddress(text) if differs else WrittenAddress(address)
    if found := _NAMED.fullmatch(text):
        name = found["name"].strip(_AROUND).strip("\"'").strip()
        return (
            WrittenAddress(text) if "@" in name else WrittenAddress(_without_scheme(found["address"]), name)
        )
    return WrittenAddress(_without_scheme(text))


def read_name(cells: Mapping[str, str]) -> str:
    """Return a person's whole name from the columns for it. ``cells``: meaning → cell."""
    whole, given, middle, family = (
        _ESCAPED.sub("", cells.get(meaning, "").strip(), count=1)
        for meaning in ("name", "given", "middle", "family")
    )
    if "family" not in cells and given and whole and not whole.casefold().startswith(given.casefold()):
        whole, family = "", whole  # “Vorname;Name”: beside a given name it is the family's
    return whole or " ".join(part for part in (given, middle, family) if part)


def has_gone(cells: Mapping[str, str]) -> str:
    """Return the meaning of the column that says that this person gets no mails; empty if none does."""
    if cells.get("status", "").strip().casefold() in _NO_MAILS.split("|"):
        return "status"
    return "" if is_no(cells.get("left", "")) else "left"


def replace_control_characters(text: str) -> str:
    """Return a name with spaces for control characters: nothing in it can start a header, turn the direction
    of writing or move a cursor. Joiners stay: Persian and Indian names are spelt with them.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text)


def _without_scheme(text: str) -> str:
    text = text.strip(_AROUND)
    found = _MAILTO.fullmatch(text)
    return found["address"].strip(_AROUND) if found else text


_MEANINGS = {plain_name(name): meaning for meaning, names in _NAMES.items() for name in names.split("|")}
