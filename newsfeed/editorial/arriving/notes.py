"""Notes at the foot of a text in HTML, by whichever program: found by the links that lead there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import html

NOTE_MARK = "QzNote{}zQ"
"""Stands for a reference until the text is Markdown, in which a bracket of the text would be escaped."""
_HOLDERS = ("li", "p", "div", "td", "aside")


def take_notes(root: html.HtmlElement) -> list[html.HtmlElement]:
    """Take the notes out of a text, in the order in which it refers to them; marks stay in their place. Links
    to other places within the text become their words, as those places lose their names.
    """
    by_id = {one.get("id"): one for one in root.iter() if isinstance(one.tag, str) and one.get("id")}
    notes: list[html.HtmlElement] = []
    for link in list(root.iter("a")):
        target = link.get("href") or ""
        if not target.startswith("#"):
            continue
        note = by_id.get(target[1:])
        mark = _mark_of(link)
        if note is not None and mark is not None and note.tag in _HOLDERS and mark not in note.iter():
            if note not in notes:
                notes.append(note)
            number = notes.index(note) + 1
            tail = mark.tail or ""
            parent = mark.getparent()
            if parent is not None:
                mark.tail = None
                _put_before(mark, NOTE_MARK.format(number) + tail)
                parent.remove(mark)
    for note in notes:
        _take_out(note)
    for part in (root, *notes):
        for link in list(part.iter("a")):
            if (link.get("href") or "").startswith("#") and link.getparent() is not None:
                link.drop_tag()
    return notes


def _mark_of(link: html.HtmlElement) -> html.HtmlElement | None:
    """Return the raised element that refers to a note; ``None`` when a link is none such."""
    parent = link.getparent()
    if parent is not None and parent.tag == "sup":
        return parent
    words = (link.text_content() or "").strip(" []()")
    return link if (len(link) == 1 and link[0].tag == "sup") or words.isdigit() else None


def _put_before(element: html.HtmlElement, text: str) -> None:
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text


def _take_out(note: html.HtmlElement) -> None:
    """Take a note out of its list; of a list, and a section around it, that is empty now, nothing stays."""
    holder = note.getparent()
    note.drop_tree()
    note.tag, note.tail = "div", None
    for link in list(note.iter("a")):
        if (link.get("href") or "").startswith("#"):  # the way back
            link.drop_tree()
    while holder is not None and not holder.text_content().strip() and holder.find(".//img") is None:
        above = holder.getparent()
        if above is None:
            return
        before = holder.getprevious()
        if before is not None and before.tag == "hr":
            before.drop_tree()
        holder.drop_tree()
        holder = above
