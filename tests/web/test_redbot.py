"""What REDbot, a lint for HTTP, says of a running service."""

import subprocess
import sys
from pathlib import Path

import pytest

from newsfeed.http_client.client import HttpClient
from newsfeed.service_ports import HttpRequest
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import environment, newsfeed
from tests.delivery.ports import free_port, listens
from tests.delivery.sites import wait_until
from tests.peers.redbot import redbot_notes
from tests.pictures import png

pytestmark = pytest.mark.slow
TEXT = "Water is clean again in our village, and the school has a well of its own.\n\n" * 40
AT = "2026-01-06"


def test_redbot_finds_nothing_to_mend(tmp_path: Path) -> None:
    """Pages, feeds, pictures, downloads, redirects, what is missing, readers' pages: each is fresh or validated as
    it should be, compressed where that is worth it, and sent in parts.
    """
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    config = CONFIG.replace("https://test.example/", f"{site}/")
    config += f'\n[web]\nport = {port}\nbase_url = "{site}/"\n'
    item = an_item(
        f"{TEXT}[the plan](plan.pdf)\n",
        title="A well",
        image="well.png",
        image_alt="A well",
        aliases="[/old]",
    )
    files: dict[str, str | bytes] = {"config.toml": config, "staff.csv": "", "news/2026/a/index.en.md": item}
    files |= {"news/2026/a/well.png": png(1200, 900), "news/2026/a/plan.pdf": b"%PDF-1.4\n" + bytes(9_000)}
    write_tree(tmp_path, files)
    built = newsfeed("-C", tmp_path, "build", "--now", AT, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert built.returncode == 0, built.stderr
    command = [sys.executable, "-m", "newsfeed", "-C", tmp_path, "run", "--only", "web"]
    process = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port))
        public = tmp_path / "public"
        pictures = [f"/{one.relative_to(public)}" for one in public.rglob("*.png")]
        download = [f"/{one.relative_to(public)}" for one in public.rglob("*.pdf")]
        assert (len(pictures) > 1, len(download)) == (True, 1)
        large = ["/en/", "/en/news/2026/a/", "/en/feed.atom", "/en/feed.rss", "/style.css", *download]
        paths = ["/", *large, *pictures, "/en/feed.json", "/sitemap.xml", "/old", "/en/nothing/"]
        paths += ["/subscribe", "/en/subscribe", "/openapi.json", "/healthz"]
        notes = redbot_notes([f"{site}{path}" for path in paths])
        assert HttpClient(allow_private=True).send(HttpRequest("GET", f"{site}/old")).status == 301
    finally:
        process.terminate()
        process.wait(20)
    assert {url: wrong for url, (_, wrong) in notes.items() if wrong} == {}
    assert len(notes) == len(paths)
    for path in large:
        praised = notes[f"{site}{path}"][0]
        assert {"INM_304", "IMS_304", "RANGE_CORRECT"} <= praised, path
        assert path.endswith(".pdf") or any("CONNEG_GZIP_GOOD" in one for one in praised), path
