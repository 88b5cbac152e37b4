"""Make the pictures of the guide for editors: the demo site in Debian's Chromium, in four languages.

    make pictures

It works on a clone of this repository in a temporary folder, so the site is that of the last commit.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
LOCALES = {"en": "C.UTF-8", "de": "de_DE.UTF-8", "fr": "fr_FR.UTF-8", "nl": "nl_NL.UTF-8"}
NOW = "2010-02-08T07:00+01:00"
PORT = 8765
SITE = f"http://127.0.0.1:{PORT}"
STORY = "news/2010/solar-collector-training"
SLUGS = {
    "en": "solar-collector-training",
    "de": "solarkollektor-schulung-lenger",
    "fr": "formation-capteurs-solaires-lenger",
    "nl": "training-zonnecollectoren-lenger",
}
MISTAKE = ("date: 2010-02-04", "date: 4.2.2010")
COLOURS = 64
BAR = "#newsfeed-bar"


def main() -> None:
    """Take every picture, one language after the other."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as engine:
        site = Path(folder) / "site"
        subprocess.run(["git", "clone", "--quiet", HERE.parents[1], site], check=True)
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 620}, color_scheme="light")
        for lang in LOCALES:
            take(page, site, lang)
        browser.close()


def take(page: Page, site: Path, lang: str) -> None:
    """Take the pictures of one language: the words of the program are in it, too."""
    environment = os.environ | {"LC_ALL": LOCALES[lang], "LANGUAGE": lang}
    program = [sys.executable, "-m", "newsfeed", "-C", str(site)]
    with preview(program, environment):
        story = f"{SITE}/{lang}/news/2010/{SLUGS[lang]}/"
        page.goto(story)
        page.wait_for_selector(BAR)
        keep(page, f"story.{lang}.png")
        page.goto(f"{SITE}/_preview/digests/staff/")
        page.wait_for_selector("iframe")
        keep(page, f"digest.{lang}.png")
        page.goto(story)
        with mistaken(site):
            page.wait_for_selector(f"{BAR} pre")
            keep(page, f"problem.{lang}.png")
        page.evaluate("sessionStorage.clear()")
    written = site.parent / f"translations.{lang}.html"
    command = [*program, "translations", "--now", NOW, "--html", str(written)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    page.goto(written.as_uri())
    keep(page, f"translations.{lang}.png")


@contextmanager
def mistaken(site: Path) -> Iterator[None]:
    """A site whose newest story has a date as people write it."""
    file = site / f"{STORY}.en.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(*MISTAKE), encoding="utf-8")
    if MISTAKE[0] not in text:
        raise SystemExit(f"{file}: no {MISTAKE[0]}")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")


@contextmanager
def preview(program: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A preview that answers."""
    command = [*program, "preview", "--no-open", "--port", str(PORT), "--now", NOW]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not answers():
            if running.poll() is not None or time.monotonic() > until:
                raise SystemExit("the preview does not start")
            time.sleep(0.2)
        yield
    finally:
        running.terminate()
        running.wait()


def answers() -> bool:
    """Ask for the preview's first page."""
    try:
        with urllib.request.urlopen(f"{SITE}/"):
            return True
    except urllib.error.URLError:
        return False


def keep(page: Page, name: str) -> None:
    """Write what the window shows as a small PNG: few colours are enough for text."""
    shot = Image.open(BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(COLOURS).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
