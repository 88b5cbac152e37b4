"""What two independent mail readers, mailparser and postal-mime, make of a mail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .need import HERE, need_command, need_npm
from .process import run

CLIENTS = ("mailparser", "postal-mime")


@dataclass(frozen=True)
class ReadMail:
    """A mail as a client shows it; `lists` has the List-* headers, names in lower case.

    `sender` and `recipients` are pairs of display name and address.
    """

    subject: str
    sender: tuple[str, str]
    recipients: tuple[tuple[str, str], ...]
    lists: dict[str, str]
    text: str
    html: str


def read_mails(files: Sequence[Path]) -> dict[Path, dict[str, ReadMail]]:
    """Each file as each client of `CLIENTS` reads it, one process for all."""
    for client in CLIENTS:
        need_npm(client)
    report = run([need_command("node"), HERE / "mails.mjs", *files])
    return {
        file: {client: _read_mail(**mails[client]) for client in CLIENTS}
        for file, mails in zip(files, json.loads(report), strict=True)
    }


def _read_mail(
    *,
    sender: list[str],
    recipients: list[list[str]],
    lists: dict[str, str],
    **texts: str,
) -> ReadMail:
    return ReadMail(
        sender=(sender[0], sender[1]),
        recipients=tuple((name, address) for name, address in recipients),
        lists=lists,
        **texts,
    )
