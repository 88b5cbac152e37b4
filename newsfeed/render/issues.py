"""An issue that was sent as HTML: the same on its page and in the feed of issues."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newsfeed.render.allowed_html import cleaner

if TYPE_CHECKING:
    from newsfeed.views import IssueBody, IssueEntry


def issue_html(issue: IssueBody) -> str:
    """Return the stories of an issue below the editor's words.

    The note was cleaned when it was sent; its record may be a stranger's, so it is cleaned again.
    """
    parts = [f"<p>{escape(issue.intro)}</p>\n"] if issue.intro else []
    if issue.note:
        note = _clean(issue.note)
        if issue.note_notice:
            parts.append(f"<p><em>{escape(issue.note_notice)}</em></p>\n")
            note = f"<section{_marked(issue.note_lang, issue.note_direction)}>\n{note}\n</section>"
        parts.append(f"{note}\n")
    for group in issue.groups:
        level = 3 if group.heading else 2
        if group.heading:
            parts.append(f"<h2{_marked(group.heading_lang)}>{escape(group.heading)}</h2>\n")
        parts += [_entry(entry, level) for entry in group.entries]
    return "".join(parts)


def _clean(html: str) -> str:
    return str(cleaner().clean(html)).strip("\n")


def _entry(entry: IssueEntry, level: int) -> str:
    mark = _marked(entry.lang, entry.direction)
    link = f'<a href="{escape(entry.href, quote=True)}">{escape(entry.title)}</a>'
    summary = f"<p{mark}>{escape(entry.summary)}</p>\n" if entry.summary else ""
    notice = f"<p><em>{escape(entry.notice)}</em></p>\n" if entry.notice else ""
    return f"<h{level}{mark}>{link}</h{level}>\n{notice}{summary}"


def _marked(lang: str, direction: str = "") -> str:
    if not lang:
        return ""
    return f' lang="{lang}" dir="{direction}"' if direction else f' lang="{lang}"'
