"""The small site that ``newsfeed init`` makes: one story, one page, two languages, checks clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import make_private_folder, write_private
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

_CONFIG = """\
[site]
title = { en = "Example network", de = "Beispielnetzwerk" }
description = { en = "News from the example network", de = "Nachrichten aus dem Beispielnetzwerk" }
base_url = "https://www.example.org/"          # where the site will live
languages = ["en", "de"]                       # the first: names here, originals of pages
timezone = "Europe/Berlin"
authority = "example.org,2026"                 # a domain of yours, and since when; never change it

[topics]
water = "Water"

[output]
markdown = true                                # each story as Markdown beside its page, for programs

[digests.weekly]
schedule = "mon 08:00"
audience = "team"

# Addresses are personal: keep this file out of git.
[audiences.team]
file = "var/team.csv"

[mail]
from = "Example newsroom <news@example.org>"
"""

_STORY_EN = """\
---
id: hello
date: 2026-01-05
authors: [The newsroom]
topics: [water]
title: Hello
summary: This is the first item; its German version stands beside it.
---

Write your text here, in [Markdown](https://commonmark.org/help/).
Then run `newsfeed check` and `newsfeed build`.
"""

_STORY_DE = """\
---
title: Guten Tag
summary: Dies ist die erste Nachricht; ihre englische Fassung liegt daneben.
---

Schreiben Sie Ihren Text hier, in [Markdown](https://commonmark.org/help/).
Danach: `newsfeed check` und `newsfeed build`.
"""

_ABOUT_EN = """\
---
id: about
title: About this site
---

Say who you are and what readers find here.
"""

_ABOUT_DE = """\
---
title: Über diese Seite
slug: ueber-uns
---

Sagen Sie, wer Sie sind und was es hier zu lesen gibt.
"""

_NAMES_DE = """\
msgid ""
msgstr ""
"Language: de\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "topic"
msgid "Water"
msgstr "Wasser"
"""

_IGNORED = """\
/public/
/var/
"""

_PRIVATE = "var/"
"""Folder of what nobody else may read: addresses, the secret."""
STARTER_FILES = {
    "config.toml": _CONFIG,
    ".gitignore": _IGNORED,
    "news/2026/hello.en.md": _STORY_EN,
    "news/2026/hello.de.md": _STORY_DE,
    "pages/about.en.md": _ABOUT_EN,
    "pages/about.de.md": _ABOUT_DE,
    "locales/de/LC_MESSAGES/site.po": _NAMES_DE,
    "var/team.csv": "email,name,language\n",
}
"""Path → text of every file of a new site."""


def write_starter_site(folder: Path) -> list[str]:
    """Write a new site; returns the files made. Raises `UsageError` when there is one already."""
    if (folder / "config.toml").exists():
        raise UsageError(
            N_("there is a site in {folder} already"), N_("choose an empty folder"), folder=folder
        )
    clashes = [name for name in STARTER_FILES if (folder / name).exists() and name != ".gitignore"]
    if clashes:
        raise UsageError(N_("{path} exists already"), N_("choose an empty folder"), path=folder / clashes[0])
    try:
        for name, text in STARTER_FILES.items():
            path = folder / name
            private = name.startswith(_PRIVATE)
            make_private_folder(path.parent) if private else path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                write_private(path, text.encode()) if private else path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=error.filename, reason=reason_of(error)
        ) from error
    return list(STARTER_FILES)
