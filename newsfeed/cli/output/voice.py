"""The language in which the program speaks to whoever runs it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.i18n.texts import Catalogue


@dataclass(frozen=True, slots=True)
class Voice:
    """The user's language for sentences in the terminal."""

    catalogue: Catalogue | None = None
    locale: str = "en_GB"
    """CLDR's rules for dates and numbers."""

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
    return Voice(catalogue, code.replace("-", "_")) if catalogue is not None else Voice()
