"""Feed clients and a validator that are Debian programs."""

import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ..need import need_command
from ..process import run
from .entry import Entry

RUBY_SCRIPT = """
ARGV.each do |file|
  begin
    feed = RSS::Parser.parse(File.read(file, encoding: "UTF-8"), true)
    puts "#{file}: no feed" unless feed
  rescue RSS::Error => error
    puts "#{file}: #{error.message.lines.first.strip}"
  end
end
"""
SFEED_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


def sfeed_entries(data: bytes) -> list[Entry]:
    """What sfeed, a parser in C, reads from RSS or Atom."""
    lines = run([need_command("sfeed")], stdin=data.decode("utf-8")).split("\n")
    return [_sfeed_entry(line) for line in lines if line]


def newsboat_entries(files: Sequence[Path]) -> list[Entry]:
    """What Newsboat keeps after it read all these feeds into one database.

    Its ids are global: two feeds with one id leave one entry. It reads no JSON Feed
    and keeps no enclosure that cannot be played.
    """
    newsboat = need_command("newsboat")
    with TemporaryDirectory() as folder:
        urls, store = Path(folder, "urls"), Path(folder, "store.db")
        urls.write_text("".join(f'"{file.absolute().as_uri()}"\n' for file in files))
        paths: list[str | Path] = ["-u", urls, "-c", store, "-C", os.devnull]
        run([newsboat, *paths, "-x", "reload", "print-unread"], HOME=folder)
        query = "SELECT guid, title, url, pubDate, enclosure_url FROM rss_item"
        with closing(sqlite3.connect(store)) as connection:
            return [_newsboat_entry(*row) for row in connection.execute(query)]


def ruby_validates(files: Sequence[Path]) -> list[str]:
    """What Ruby's validating RSS and Atom parser says against these files."""
    ruby = need_command("ruby")
    return run([ruby, "-rrss", "-e", RUBY_SCRIPT, *files]).splitlines()


def _sfeed_entry(line: str) -> Entry:
    stamp, title, link, _, _, id_, _, enclosure, _ = (
        re.sub(r"\\(.)", lambda found: SFEED_ESCAPES[found[1]], value)
        for value in line.split("\t")
    )
    published = datetime.fromtimestamp(int(stamp), UTC)
    return Entry(id_, title, link, published, enclosure or None)


def _newsboat_entry(
    guid: str, title: str, url: str, stamp: int, enclosure: str | None
) -> Entry:
    published = datetime.fromtimestamp(stamp, UTC)
    return Entry(guid, title, url, published, enclosure or None)
