"""A small site in four languages, made anew for a bench or a test: two stories, one digest."""

# ruff: noqa: PLC0415 - crash.py must load the program late
from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.records import Subscriber

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "de", "fr", "nl")
MONDAY = datetime(2030, 2, 4, 9, 0, tzinfo=UTC)
"""Two hours after the slot of Monday 08:00 in Berlin."""
WORDS = {
    "en": ("A well for the school", "Clean water has come to the village, and everybody helped to dig."),
    "de": ("Ein Brunnen für die Schule", "Sauberes Wasser ist im Dorf angekommen, und alle haben geholfen."),
    "fr": ("Un puits pour l’école", "L’eau propre est arrivée au village, et tous ont aidé à creuser."),
    "nl": ("Een put voor de school", "Er is schoon water in het dorp, en iedereen hielp met graven."),
}
_CONFIG = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de", "fr", "nl"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[topics]
water = "Water"

[audiences.staff]
file = "staff.csv"

[digests.staff]
schedule = "mon 08:00"
audience = "staff"
{digest}

[store]
url = "{store}"

[mail]
from = "Newsroom <news@test.example>"
unsubscribe_url = "https://test.example/u/"
channel = "{channel}"
{mail}

[channels.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
{smtp}
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A site in a folder, and the command that works on it."""

    folder: Path

    def command(self, *words: str) -> list[str]:
        """``newsfeed`` on this site."""
        return [sys.executable, "-m", "newsfeed", "-C", str(self.folder), *words]

    def run(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        return subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment(),
            timeout=timeout,
            check=False,
        )

    def start(self, *words: str, log: Path | None = None) -> subprocess.Popen[bytes]:
        """A command that runs beside us; what it says goes to ``log``."""
        with (log or Path(os.devnull)).open("ab") as said:
            return subprocess.Popen(
                self.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=ROOT,
                env=environment(),
            )

    def take_up(self, count: int, now: datetime = MONDAY, first: int = 0) -> None:
        """Import ``count`` invented people, evenly over the languages."""
        file = self.folder.parent / f"{self.folder.name}-people-{first}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("email", "name", "language"))
            for number in range(first, first + count):
                writer.writerow((address(number), f"Reader {number}", LANGUAGES[number % 4]))
        consent = "asked for it on paper"
        words = ("subscribers", "import", str(file), "--digest", "staff", "--consent", consent)
        done = self.run(*words, "--now", (now - timedelta(days=20)).isoformat(), "--json", timeout=1800)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)


def one_click(delivery: DeliveryContext, person: Subscriber, now: datetime = MONDAY) -> None:
    """What a mail program does when its user unsubscribes: the token of the mail comes back."""
    from newsfeed.app.delivery import open_signup_context
    from newsfeed.core.people import tokens
    from newsfeed.subscribers import signup

    token = tokens.make_token(
        delivery.secret, purpose="one-click", digest="staff", id=person.id, holder=person.key
    )
    if not signup.leave_by_one_click(open_signup_context(delivery, os.environ), token, now).done:
        raise RuntimeError("a genuine token was refused")


def environment() -> dict[str, str]:
    """English, and without a proxy of any kind."""
    return {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


def address(number: int) -> str:
    """An invented reader's address."""
    return f"reader{number}@readers{number % 7}.example"


def make_site(  # noqa: PLR0913 - the keys of a configuration
    folder: Path,
    *,
    port: int,
    connections: int = 4,
    store: str = "sqlite:///var/newsfeed.db",
    channel: str = "smtp",
    body: int = 0,
    digest: str = "",
    mail: str = "",
    smtp: str = "",
) -> Made:
    """Make the site. ``body``: characters of filling in each story's summary, to make mails larger."""
    folder.mkdir(parents=True, exist_ok=True)
    text = _CONFIG.format(
        port=port, connections=connections, store=store, channel=channel, digest=digest, mail=mail, smtp=smtp
    )
    (folder / "config.toml").write_text(text, encoding="utf-8")
    (folder / "staff.csv").write_text("email,name,language\n", encoding="utf-8")
    story(folder, "well", "2030-02-01", body)
    story(folder, "pump", "2030-01-30", body)
    return Made(folder)


def story(folder: Path, name: str, day: str, body: int = 0, sentences: int = 1) -> None:
    """One story in all languages; its summary, which mails show, has so many sentences."""
    place = folder / "news" / day[:4]
    place.mkdir(parents=True, exist_ok=True)
    for lang, (title, text) in WORDS.items():
        filled = (text + " ") * (1 + body // len(text))
        summary = " ".join([text] * sentences)
        facts = f"id: {name}\ndate: {day}\ntopics: [water]\n" if lang == "en" else ""
        front = f"---\n{facts}title: {title} ({name})\nsummary: {summary}\n---\n"
        (place / f"{name}.{lang}.md").write_text(f"{front}\n{filled.strip()}\n", encoding="utf-8")
