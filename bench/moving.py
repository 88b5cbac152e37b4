"""How long a move takes: an export of WordPress with 5,000 texts, and a table of 50,000 people.

python -m bench.moving [--texts 5000] [--people 50000]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_NAMESPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "excerpt": "http://wordpress.org/export/1.2/excerpt/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "wp": "http://wordpress.org/export/1.2/",
    }.items()
)
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" {_NAMESPACES}><channel><title>T</title>
<link>https://www.example.org</link><language>en</language>
"""
_ITEM = """<item><title><![CDATA[Story {n}: water & wells]]></title>
<link>https://www.example.org/{y}/{m:02}/story-{n}/</link>
<dc:creator>ada</dc:creator><guid isPermaLink="false">https://www.example.org/?p={n}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{n}</wp:post_id><wp:post_date>{y}-{m:02}-05 10:00:00</wp:post_date>
<wp:post_date_gmt>{y}-{m:02}-05 09:00:00</wp:post_date_gmt>
<wp:post_name>story-{n}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="c{c}"><![CDATA[Topic {c}]]></category>
<category domain="language" nicename="{lang}">x</category>
<category domain="post_translations" nicename="g{g}">x</category></item>
"""
_BODY = (
    """<p>Measurements of forty wells are free for <b>everybody</b> to use, says
<a href="https://www.example.org/{y}/{m:02}/story-{o}/">the report</a>.</p><h2>What it costs</h2>
<ul><li>wood</li><li>copper</li></ul><table><tr><th>Month</th><th>kWh</th></tr>
<tr><td>May</td><td>180</td></tr></table>"""
    + "<p>The meadow rests for a year, and so do the people who mow it, &amp; nobody minds.</p>" * 14
)
_CONFIG = """[audiences.all]
file = "var/all.csv"
[digests.weekly]
schedule = "mon 08:00"
audience = "all"
"""


def main() -> None:
    """Make the files, move them in as a user does, print seconds and memory."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=5_000)
    options.add_argument("--people", type=int, default=50_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_texts(root / "wp.xml", given.texts)
        _write_people(root / "people.csv", given.people)
        site = root / "site"
        words = ("move-in", root / "wp.xml", "--from", "wordpress", "--into", site, "--write")
        _timed("texts in, and newsfeed check", *words)
        _timed("texts in a second time", *words)
        with (site / "config.toml").open("a") as config:
            config.write(_CONFIG)
        words = ("move-in", "people", root / "people.csv", "--from", "csv", "--into", site)
        digest = ("--digest", "weekly", "--consent", "form", "--language", "en", "--sent-until", "2026-01-01")
        _timed("people in, and what they have had", *words, *digest, "--write")
        _timed("everything out", "-C", site, "move-out", root / "out", "--people", root / "out.csv")


def _write_texts(path: Path, number: int) -> None:
    with path.open("w") as file:
        file.write(_HEAD)
        for n in range(number):
            year, month = 2005 + n * 20 // number, n % 12 + 1
            body = _BODY.format(y=year, m=month, o=max(n - 1, 0))
            lang = "de" if n % 2 else "en"
            file.write(_ITEM.format(n=n, y=year, m=month, body=body, c=n % 20, lang=lang, g=n // 2))
        file.write("</channel></rss>")


def _write_people(path: Path, number: int) -> None:
    with path.open("w") as file:
        file.write("email,name,language,tags,confirmed at,unsubscribed at\n")
        for n in range(number):
            gone = "2024-01-01 00:00:00" if n % 10 == 0 else ""
            file.write(
                f"reader{n}@example.org,Reader {n},{'de' if n % 3 else 'en'},,2023-05-06 07:08:09,{gone}\n"
            )


def _timed(name: str, *words: object) -> None:
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "newsfeed", *map(str, words)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    lines = done.stdout.strip().splitlines()
    print(f"{name}: {seconds:.1f} s, at most {peak} MB so far, exit status {done.returncode}")
    print("   ", "\n    ".join(lines[:4] or done.stderr.splitlines()[-3:]))


if __name__ == "__main__":
    main()
