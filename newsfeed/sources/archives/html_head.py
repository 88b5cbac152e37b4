"""Read what the head of a page in HTML says of it, as the programs in Python do."""

from __future__ import annotations

from typing import Any

from lxml import etree, html


def split_html(text: str) -> tuple[dict[str, Any], str]:
    """Return the meta elements of a page, and what is in its body."""
    try:
        root = html.document_fromstring(text)
    except (ValueError, etree.ParserError):
        return {}, text
    head: dict[str, Any] = {
        (one.get("name") or "").lower(): one.get("content") or one.get("contents") or ""
        for one in root.iter("meta")
    }
    title = root.findtext(".//title")
    body = root.find("body")
    inner = (
        ""
        if body is None
        else (body.text or "") + "".join(html.tostring(one, encoding="unicode") for one in body)
    )
    return {**head, "title": (title or "").strip()}, inner
