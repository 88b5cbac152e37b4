"""XLIFF 1.2 (OASIS), for agencies and their programs. What must stay as it is stands in ``ph`` elements."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from newsfeed.core.content.exchange import ExchangeUnit, read_unit_id, split_protected
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

_NS = "urn:oasis:names:tc:xliff:document:1.2"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write(units: Sequence[ExchangeUnit], lang: str) -> bytes:
    """Return the file: a ``file`` element for each text, in the language of its original."""
    root = etree.Element(f"{{{_NS}}}xliff", version="1.2", nsmap={None: _NS})  # type: ignore[dict-item]
    for path, group in groupby(units, key=lambda unit: unit.path):
        of_text = list(group)
        names = {
            "original": path,
            "source-language": of_text[0].lang,
            "target-language": lang,
            "datatype": "x-markdown",
        }
        body = etree.SubElement(etree.SubElement(root, f"{{{_NS}}}file", names), f"{{{_NS}}}body")
        for unit in of_text:
            _add_unit(body, unit)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add_unit(body: etree._Element, unit: ExchangeUnit) -> None:
    names = {"id": unit.id, _SPACE: "preserve"}
    if unit.target and not unit.is_outdated:
        names["approved"] = "yes"
    element = etree.SubElement(body, f"{{{_NS}}}trans-unit", names)
    _fill(etree.SubElement(element, f"{{{_NS}}}source"), unit.source)
    state = "needs-review-translation" if unit.is_outdated else "translated" if unit.target else "new"
    _fill(etree.SubElement(element, f"{{{_NS}}}target", state=state), unit.target)


def _fill(element: etree._Element, text: str) -> None:
    """Write a text into an element: what is the same has the same id, from 1 in the order of the text."""
    last, ids = None, dict[str, int]()
    for part, is_protected in split_protected(text):
        if is_protected:
            last = etree.SubElement(element, f"{{{_NS}}}ph", id=str(ids.setdefault(part, len(ids) + 1)))
            last.text = part
        elif last is None:
            element.text = part
        else:
            last.tail = part


def read(data: bytes) -> tuple[str, list[ExchangeUnit]]:
    """Read a file; what still needs a review is left out. No entity and no address in it is followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UsageError(N_("this is no XLIFF file: {reason}"), reason=str(error)) from error
    if root.tag != f"{{{_NS}}}xliff":
        raise UsageError(N_("this is no XLIFF file: {reason}"), reason=f"{root.tag}, not XLIFF 1.2")
    files = root.findall(f"{{{_NS}}}file")
    languages = {file.get("target-language", "") for file in files}
    if len(languages) > 1:
        known = ", ".join(sorted(languages))
        raise UsageError(N_("the file is for several languages: {known}"), known=known)
    units = [unit for file in files for unit in _units(file)]
    return next(iter(languages), ""), units


def _units(file: etree._Element) -> list[ExchangeUnit]:
    units = []
    for element in file.iter(f"{{{_NS}}}trans-unit"):
        name = read_unit_id(element.get("id", ""))
        source, target = element.find(f"{{{_NS}}}source"), element.find(f"{{{_NS}}}target")
        if name is None or source is None or target is None:
            continue
        text = _text(target, source)
        if text and not target.get("state", "").startswith("needs"):
            units.append(ExchangeUnit(*name, file.get("source-language", ""), _text(source, source), text))
    return units


def _text(element: etree._Element, source: etree._Element) -> str:
    """Return the text of an element. Where a program kept the place of a ``ph`` and lost what is in it, that
    is taken from the source.
    """
    known = {one.get("id"): one.text or "" for one in source.iter(f"{{{_NS}}}ph")}
    parts = [element.text or ""]
    for child in element.iterchildren(tag=etree.Element):
        inner = "".join(str(text) for text in child.itertext())
        parts += [inner or known.get(child.get("id"), ""), child.tail or ""]
    return "".join(parts)
