"""The command line from outside: what it does, prints and returns, whatever users type."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from newsfeed import __version__
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.cli.command import environment, newsfeed, newsfeed_process
from tests.peers.need import need_command
from tests.site.builds import DEMO_NOW, tree

NOW = DEMO_NOW.isoformat()
HEAVY = ("babel", "comrak", "css_inline", "feedgen", "jinja2", "lxml", "nh3", "yaml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site of one story without any problem but advice."""
    return write_tree(
        tmp_path / "site",
        {
            "config.toml": CONFIG,
            "news/2026/wells.en.md": an_item(id="wells", title="Wells"),
            "staff.csv": "email,name,language\na@example.org,Ada,en\nb@example.org,Bo,de\n",
            **{f"locales/{lang}/LC_MESSAGES/site.po": _names(lang) for lang in ("de", "fr", "nl")},
        },
    )


def _names(lang: str) -> str:
    head = f'msgid ""\nmsgstr ""\n"Language: {lang}\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    head += '"Content-Type: text/plain; charset=UTF-8\\n"\n'
    names = (("topic", "Water"), ("topic", "Energy"), ("donor", "Ministry"), ("partner", "Club"))
    return head + "".join(
        f'\nmsgctxt "{context}"\nmsgid "{name}"\nmsgstr "{name} ({lang})"\n' for context, name in names
    )


def spoil(root: Path) -> Path:
    """Give a site one error."""
    return write_tree(root, {"news/2026/bad.en.md": an_item(id="bad", topics="[watr]")})


# -- help ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("command", [(), ("check",), ("build",), ("digest",), ("init",), ("serve",)])
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    """Help comes at once: no parser, template engine or locale data is imported for it."""
    done = newsfeed_process(*command, "--help", options=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert "click" in imported
    assert imported & set(HEAVY) == set()


def test_the_version_is_told() -> None:
    """As other programs do."""
    assert newsfeed("--version").stdout == f"newsfeed {__version__}\n"


def test_help_names_the_exit_statuses() -> None:
    """Scripts can rely on them, so they are documented where scripts' authors look."""
    shown = " ".join(newsfeed("--help").stdout.split())
    assert "0 done, 1 the site has problems, 2 wrong usage, 3 something outside failed." in shown


# -- exit statuses ---------------------------------------------------------------------------------


def test_a_clean_site_checks_with_zero(root: Path) -> None:
    """No problem: status 0, one line, nothing on standard error."""
    done = newsfeed("-C", root, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems\n", "")


def test_the_demo_site_checks_with_zero() -> None:
    """The repository itself is a site without any problem."""
    done = newsfeed("check", "--now", NOW)
    assert (done.returncode, done.stdout) == (0, "no problems\n")


def test_a_problem_gives_one_and_its_place(root: Path) -> None:
    """File, line, column, code, excerpt, suggestion; then how many there are."""
    done = newsfeed("-C", spoil(root), "check")
    assert done.returncode == 1
    assert (
        "news/2026/bad.en.md:5:10: error: unknown topic “watr” [topic-unknown]\n    topics: [watr]\n"
        in done.stdout
    )
    assert "did you mean “water”?" in done.stdout
    assert done.stdout.endswith("1 error\n")


def test_problems_as_data_and_for_pull_requests(root: Path) -> None:
    """--format json is one JSON list; --format github one command a line."""
    (found,) = json.loads(newsfeed("-C", spoil(root), "check", "--format", "json").stdout)
    assert (found["path"], found["line"], found["code"]) == ("news/2026/bad.en.md", 5, "topic-unknown")
    assert found["severity"] == "error"
    (line,) = newsfeed("-C", root, "check", "--format", "github").stdout.splitlines()
    assert line.startswith(
        "::error file=news/2026/bad.en.md,line=5,col=10,title=topic-unknown::unknown topic"
    )


def test_a_site_with_errors_is_not_published(root: Path) -> None:
    """Status 1, the problems on standard error, no file written."""
    done = newsfeed("-C", spoil(root), "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert "topic-unknown" in done.stderr
    assert "nothing was published" in done.stderr
    assert not (root / "public").exists()


def test_what_has_no_errors_can_be_published_on_demand(root: Path) -> None:
    """--keep-going leaves out what is wrong, says so, and still returns 1."""
    done = newsfeed("-C", spoil(root), "build", "--keep-going")
    assert done.returncode == 1
    assert "topic-unknown" in done.stderr
    assert (root / "public/en/news/2026/wells/index.html").is_file()
    assert not (root / "public/en/news/2026/bad").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bild",), "No such command"),
        (("build", "--nwo", "2010-01-01"), "--nwo"),
        (("build", "--now", "yesterday"), "“yesterday” is no moment; write it like 2010-02-08T09:00+01:00"),
        (("build", "--now", "2010-13-01"), "no moment"),
        (("check", "--format", "xml"), "xml"),
        (("serve", "--port", "99999"), "99999"),
        (("serve", "--port", "http"), "http"),
        (("digest",), "NAME"),
        (("init",), "newsfeed init ."),
        (("check", "extra"), "extra"),
        (("digest", "stuff"), "there is no digest “stuff” in config.toml"),
        (("digest", ""), "there is no digest “”"),
        (("serve",), "run newsfeed build first"),
        (("-C",), "-C"),
    ],
)
def test_a_command_that_makes_no_sense_gives_two(root: Path, arguments: tuple[str, ...], says: str) -> None:
    """Wrong words, options or names: status 2, one clear message on standard error, no traceback."""
    done = newsfeed(*arguments, cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize("folder", ["nowhere", "config.toml", "news"])
def test_a_folder_without_a_site_is_named_as_such(root: Path, folder: str) -> None:
    """Not there, a file, or a folder without config.toml: a problem of the site, and what to do."""
    for command in (("check",), ("build",), ("digest", "staff")):
        done = newsfeed("-C", root / folder, *command)
        assert done.returncode == 1
        assert "config-missing" in done.stdout + done.stderr
        assert "newsfeed init" in done.stdout + done.stderr


def test_problems_beside_a_result_go_to_standard_error(root: Path) -> None:
    """A program that reads the JSON of a build never meets anything else there."""
    write_tree(root, {"templates/page/story.html": "{{ view.gone }}"})
    done = newsfeed("-C", root, "build", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "templates/page/story.html:1:1: error: the template fails" in done.stderr


@pytest.mark.slow
def test_a_read_only_folder_gives_three_and_one_line(root: Path) -> None:
    """The disk says no: status 3, the reason and the place, nothing half done."""
    assert newsfeed("-C", root, "build").returncode == 0
    before = tree(root / "public")
    write_tree(root, {"news/2026/wells.en.md": an_item("New.\n", id="wells", title="New")})
    folders = [root / "public", *(path for path in (root / "public").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        done = newsfeed_process("-C", root, "build", prefix=_without_privileges())
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: cannot write {root / 'public'}/")
    assert line.endswith(": permission denied")
    assert tree(root / "public") == before


@pytest.mark.slow
def test_an_unreadable_file_is_a_problem_of_the_site(root: Path) -> None:
    """It is named like any other problem; the rest is still checked."""
    path = spoil(root) / "news/2026/wells.en.md"
    path.chmod(0)
    done = newsfeed_process("-C", root, "check", prefix=_without_privileges())
    assert done.returncode == 1
    assert "news/2026/wells.en.md:1:1: error:" in done.stdout
    assert "topic-unknown" in done.stdout
    assert "Traceback" not in done.stderr


def _without_privileges() -> tuple[str | Path, ...]:
    """The superuser may write anywhere: then the command runs without that privilege."""
    if os.geteuid() != 0:
        return ()
    return (need_command("setpriv"), "--bounding-set", "-dac_override,-dac_read_search")


def test_a_foreign_folder_is_not_written_into(root: Path) -> None:
    """Status 3, the file that is in the way, and what to do; the site's own folder is refused too."""
    write_tree(root, {"thesis/years-of-work.txt": "mine"})
    for output, found in (("thesis", "years-of-work.txt"), (".", "config.toml")):
        done = newsfeed("build", "-o", output, cwd=root)
        assert (done.returncode, done.stdout) == (3, "")
        assert f"not empty and was not made by newsfeed (it has {found})" in done.stderr
        assert "--output" in done.stderr
    assert sorted(path.name for path in (root / "thesis").iterdir()) == ["years-of-work.txt"]


@pytest.mark.slow
def test_two_builds_at_once_do_not_meet(root: Path) -> None:
    """Of many builds started together some win and the others say why; the site is whole."""
    command = [sys.executable, "-m", "newsfeed", "-C", root, "build"]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8")
        for _ in range(4)
    ]
    ended = [(process.communicate()[1], process.returncode) for process in running]
    assert {status for _, status in ended} <= {0, 3}
    assert any(status == 0 for _, status in ended)
    assert all("another build is writing this folder" in text for text, status in ended if status == 3)
    assert json.loads(newsfeed("-C", root, "build", "--json").stdout)["written"] == 0


# -- results ---------------------------------------------------------------------------------------


def test_a_build_reports_itself_as_data(root: Path) -> None:
    """--json is one object with what was made."""
    done = newsfeed("-C", root, "build", "--json", "-o", root / "out")
    data = json.loads(done.stdout)
    assert set(data) == {
        "output",
        "drafts",
        "scheduled",
        "expired",
        "withdrawn",
        "pages",
        "feeds",
        "written",
        "unchanged",
        "removed",
        "seconds",
        "files",
        "bytes",
    }
    files = tree(root / "out")
    assert data["pages"] == sum(path.endswith(".html") for path in files)
    assert data["feeds"] == sum(path.endswith((".rss", ".atom", ".json")) for path in files)
    assert (data["written"], done.stderr) == (len(files), "")


def test_a_digest_reports_itself_as_data(root: Path) -> None:
    """--json names slot, messages by language and where they are; --dry-run writes none."""
    command = ("-C", root, "digest", "staff", "--now", "2026-01-12T12:00+01:00", "--json")
    dry = json.loads(newsfeed(*command, "--dry-run", "-o", root / "mails").stdout)
    assert (dry["messages"], dry["dry_run"], dry["places"]) == ({"en": 1, "de": 1}, True, [])
    assert not (root / "mails").exists()
    done = json.loads(newsfeed(*command, "-o", root / "mails").stdout)
    assert (done["messages"], done["stories"], done["slot"][:10]) == ({"en": 1, "de": 1}, 1, "2026-01-12")
    assert [Path(place).is_file() for place in done["places"]] == [True, True]


def test_the_moment_can_be_given(root: Path) -> None:
    """--now decides what is public, with and without an offset."""
    write_tree(root, {"news/2026/wells.en.md": an_item(id="wells", date="2026-01-05 10:00 +01:00")})
    page = root / "public/en/news/2026/wells/index.html"
    for now, there in (
        ("2026-01-05T09:59+01:00", False),
        ("2026-01-05T10:00+01:00", True),
        ("2026-01-05T08:59", False),
        ("2026-01-05T09:00Z", True),
        ("2026-01-05", False),
    ):
        assert newsfeed("-C", root, "build", "--now", now).returncode == 0
        assert page.is_file() == there, now


def test_the_site_can_be_elsewhere(root: Path) -> None:
    """-C names the site; --output is relative to where the command was typed."""
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    assert newsfeed("-C", "../site", "build", cwd=elsewhere).returncode == 0
    assert (root / "public/index.html").is_file()
    assert newsfeed("-C", "../site", "build", "-o", "here", cwd=elsewhere).returncode == 0
    assert tree(elsewhere / "here") == tree(root / "public")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de_DE.UTF-8", "Keine Probleme"),
        ("fr_FR", "Aucun problème"),
        ("nl", "Geen problemen"),
        ("sw_KE", "no problems"),
    ],
)
def test_the_terminal_speaks_the_users_language(root: Path, locale: str, words: str) -> None:
    """By the locale variables; English where there is no catalogue."""
    assert newsfeed("-C", root, "check", LC_ALL=locale, PYTHONUTF8="1").stdout == f"{words}\n"


# -- init ------------------------------------------------------------------------------------------


def test_a_new_site_checks_clean_builds_and_writes_its_digest(tmp_path: Path) -> None:
    """What init makes has no problem at all, not even a warning."""
    done = newsfeed("init", tmp_path / "my-news")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"newsfeed -C {tmp_path / 'my-news'} build" in done.stdout
    found = json.loads(newsfeed("-C", tmp_path / "my-news", "check", "--format", "json").stdout)
    assert [one for one in found if one["severity"] != "advice"] == []
    assert newsfeed("-C", tmp_path / "my-news", "build").returncode == 0
    assert (tmp_path / "my-news/public/de/news/2026/hello/index.html").is_file()
    assert newsfeed("-C", tmp_path / "my-news", "digest", "weekly", "--dry-run").returncode == 0


def test_init_makes_an_example_to_look_at(tmp_path: Path) -> None:
    """A larger site, which checks clean; and never where something is already."""
    done = newsfeed("init", "--example", tmp_path / "rivers")
    assert done.returncode == 0
    assert "newsfeed -C" in done.stdout
    assert newsfeed("-C", tmp_path / "rivers", "check").returncode == 0
    again = newsfeed("init", "--example", tmp_path / "rivers")
    assert again.returncode == 2
    assert "is not empty" in again.stderr


def test_init_leaves_what_is_there_alone(tmp_path: Path) -> None:
    """An existing site, or a file in the way, is refused; nothing is overwritten."""
    assert newsfeed("init", tmp_path).returncode == 0
    before = tree(tmp_path)
    done = newsfeed("init", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is a site in" in done.stderr
    assert tree(tmp_path) == before
    write_tree(tmp_path / "b", {"news/2026/hello.en.md": "mine"})
    assert newsfeed("init", tmp_path / "b").returncode == 2
    assert tree(tmp_path / "b") == {"news/2026/hello.en.md": b"mine"}


def test_init_cannot_make_a_site_in_a_file(tmp_path: Path) -> None:
    """A file where the folder should be: status 3, one line."""
    write_tree(tmp_path, {"file": ""})
    done = newsfeed("init", tmp_path / "file")
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("error: ")


# -- pipes and servers -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("check",), ("check", "--format", "json"), ("build", "--json"), ("--help",)]
)
def test_a_closed_pipe_is_nobodys_error(root: Path, command: tuple[str, ...]) -> None:
    """``newsfeed check | head -1`` ends quietly."""
    for number in range(50):
        write_tree(root, {f"news/2026/bad-{number}.en.md": an_item(id=f"bad-{number}", topics="[watr]")})
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "newsfeed", "-C", root, *command],
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.slow
def test_the_preview_shows_the_site_and_ends_with_ctrl_c(root: Path) -> None:
    """Feeds have their media types; Ctrl-C ends it without a word of Python."""
    assert newsfeed("-C", root, "build").returncode == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "newsfeed", "-C", root, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        assert f"http://127.0.0.1:{port}/" in process.stderr.readline()
        address = f"http://127.0.0.1:{port}/en"
        types = {
            name: _type(f"{address}/{name}")
            for name in ("", "feed.rss", "feed.atom", "feed.json", "feeds.opml")
        }
        other = newsfeed_process("-C", root, "serve", "--port", str(port))
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert types == {
        "": "text/html; charset=utf-8",
        "feed.rss": "application/rss+xml",
        "feed.atom": "application/atom+xml",
        "feed.json": "application/feed+json",
        "feeds.opml": "text/x-opml; charset=utf-8",
    }
    assert (process.returncode, rest.strip()) == (0, "")
    assert other.returncode == 3
    assert f":{port} cannot be listened on: it is in use already" in other.stderr
    assert "--port" in other.stderr


def _type(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return str(answer.headers["Content-Type"])


@pytest.mark.slow
def test_ctrl_c_ends_a_build_without_a_traceback(root: Path) -> None:
    """Status 130, as shells expect; what was published before stays, and nothing half made with it."""
    assert newsfeed("-C", root, "build").returncode == 0
    before = tree(root / "public")
    endless = "{% for number in range(10 ** 12) %}{% endfor %}"
    changed = {"templates/page/story.html": endless, "templates/page/not-found.html": "lost"}
    write_tree(root, changed)
    command = [sys.executable, "-m", "newsfeed", "-C", root, "build"]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, encoding="utf-8") as process:
        deadline = time.monotonic() + 60
        while not (root / "public/.newsfeed-staging").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "")
    assert tree(root / "public") == before
    assert not (root / "public/.newsfeed-staging").exists()
