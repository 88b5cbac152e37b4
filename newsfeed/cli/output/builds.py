"""What a build did, in the user's language.

Apart from `newsfeed.cli.output.problems`, because a build in which nothing changed loads nothing else.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.app.site import Built
    from newsfeed.i18n.texts import Catalogue


@dataclass(frozen=True, slots=True)
class Voice:
    """The user's language for sentences in the terminal."""

    catalogue: Catalogue | None = None

    def say(self, message: str) -> str:
        """A sentence in the user's language; the English one when there is none."""
        if self.catalogue is None or not message:
            return message
        return self.catalogue.messages.get(("", message), ("",))[0] or message

    def count(self, singular: str, plural: str, number: int) -> str:
        """A sentence for a number; every catalogue of this domain keeps one and many."""
        if self.catalogue is None:
            return singular if number == 1 else plural
        forms = self.catalogue.messages.get(("", singular), ())
        index = self.catalogue.form(number)
        return forms[index] if index < len(forms) and forms[index] else (singular if number == 1 else plural)


def user_voice(environment: Mapping[str, str] = os.environ) -> Voice:
    """The voice that the user's locale variables ask for (POSIX order); English needs no catalogue."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((environment[name] for name in names if environment.get(name)), "")
    code = wanted.split(".")[0].split("@")[0]
    if not code or code.split("_")[0] in ("en", "C", "POSIX"):
        return Voice()
    from newsfeed.config import bundled
    from newsfeed.i18n.catalogues import PROBLEMS_DOMAIN, read_catalogue

    catalogue, _ = read_catalogue(bundled.locales(), code.replace("_", "-"), PROBLEMS_DOMAIN)
    return Voice(catalogue)


def print_result(data: Mapping[str, Any], sentences: Sequence[str], as_json: bool) -> None:
    """What a command did: one JSON object, or a few lines."""
    if as_json:
        import json

        sentences = [json.dumps(data, ensure_ascii=False, indent=1)]
    for sentence in sentences:
        _print(sentence)


def _print(text: str) -> None:
    """On a machine that knows ASCII only, as where there is no locale, in UTF-8; click does the same."""
    try:
        print(text, flush=True)  # noqa: T201 - the only printing of results
    except UnicodeEncodeError:
        known = sys.stdout.encoding
        encoding = "utf-8" if known.lower() in _ASCII else known
        sys.stdout.buffer.write(f"{text}\n".encode(encoding, "replace"))
        sys.stdout.buffer.flush()


_ASCII = ("ascii", "us-ascii", "ansi_x3.4-1968", "646")
"""Names of it."""


def build_summary(built: Built, seconds: float, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """What a build made, for programs and for people."""
    done = built.written
    data: dict[str, Any] = {
        "output": str(built.output),
        "pages": built.pages,
        "feeds": built.feeds,
        "written": done.written,
        "unchanged": done.unchanged,
        "removed": done.removed,
        "seconds": round(seconds, 2),
    }
    sentence = voice.say(
        N_(
            "{pages} pages and {feeds} feeds in {output}: {written} files written, "
            "{unchanged} unchanged, {removed} removed, {seconds} s"
        )
    )
    return data, [sentence.format_map(data)]
