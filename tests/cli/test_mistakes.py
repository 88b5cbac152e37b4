"""Mistakes of users, one after the other: each gets a sentence and a status, none a traceback."""

import sys
from pathlib import Path

import pytest

from newsfeed.cli import main
from newsfeed.testing import CONFIG, an_item, write_tree

MISTAKES: dict[str, dict[str, str | bytes]] = {
    "an empty configuration": {"config.toml": ""},
    "a configuration of zeros": {"config.toml": b"\0" * 100},
    "a configuration in Latin-1": {"config.toml": 'x = "ä"'.encode("latin-1")},
    "a configuration that is no TOML": {"config.toml": "[site\ntitle = 1"},
    "wrong types everywhere": {
        "config.toml": "site = 1\ntopics = []\nfeeds = 'x'\ndigests = [1]\nlanguages = 3"
    },
    "languages as one text": {"config.toml": CONFIG.replace('["en", "de", "fr", "nl"]', '"en"')},
    "no languages": {"config.toml": CONFIG.replace('["en", "de", "fr", "nl"]', "[]")},
    "a language that does not exist": {"config.toml": CONFIG.replace('"nl"]', '"qqq"]')},
    "a zone that does not exist": {"config.toml": CONFIG.replace("Europe/Berlin", "Europe/Atlantis")},
    "a zone that leads out": {"config.toml": CONFIG.replace("Europe/Berlin", "../../etc/passwd")},
    "an address without a host": {"config.toml": CONFIG.replace("https://test.example/", "https:///x")},
    "an address with a broken host": {"config.toml": CONFIG.replace("https://test.example/", "http://[x/")},
    "an address with a wrong port": {"config.toml": CONFIG.replace("test.example/", "test.example:x/")},
    "a page called like a list": {"pages/feeds.en.md": "---\ntitle: Feeds\n---\nx\n"},
    "an empty file": {"news/2026/a.en.md": ""},
    "a file of zeros": {"news/2026/a.en.md": b"\0" * 1000},
    "a file in Latin-1": {"news/2026/a.en.md": "---\ntitle: ä\n---\n".encode("latin-1")},
    "a file in UTF-16": {"news/2026/a.en.md": an_item().encode("utf-16")},
    "no front matter": {"news/2026/a.en.md": "Only text.\n"},
    "front matter without an end": {"news/2026/a.en.md": "---\ntitle: A\n"},
    "a list as front matter": {"news/2026/a.en.md": "---\n- a\n- b\n---\nx\n"},
    "broken YAML": {"news/2026/a.en.md": "---\ntitle: [a\ndate: {{\n---\nx\n"},
    "a YAML bomb": {"news/2026/a.en.md": "---\na: &a [x,x]\nb: &b [*a,*a]\ntitle: *b\n---\nx\n"},
    "a YAML tag": {"news/2026/a.en.md": "---\ntitle: !!python/object:os.system x\n---\nx\n"},
    "deep YAML": {"news/2026/a.en.md": "---\ntitle: " + "[" * 5000 + "\n---\nx\n"},
    "TOML front matter": {"news/2026/a.en.md": "+++\ntitle = [\n+++\nx\n"},
    "a date of the Gregorian gap": {"news/2026/a.en.md": an_item(date="2026-02-30")},
    "a year before all years": {"news/2026/a.en.md": an_item(date="0000-01-01")},
    "a title that is a list": {"news/2026/a.en.md": an_item(title="[a, b]")},
    "enclosures that are numbers": {"news/2026/a.en.md": an_item(enclosures="[1, 2]")},
    "an enclosure out of the site": {"news/2026/a.en.md": an_item(enclosures="[../../../../etc/passwd]")},
    "a link out of the site": {"news/2026/a.en.md": an_item("[x](../../../../etc/passwd)\n")},
    "a link that is no address": {"news/2026/a.en.md": an_item("[x](http://[broken)\n")},
    "an image that is no image": {
        "news/2026/x.png": b"no png",
        "news/2026/a.en.md": an_item(image="x.png", image_alt="x"),
    },
    "a name without a language": {"news/2026/a.md": an_item()},
    "a name of dots": {"news/2026/...md": an_item()},
    "a folder called like a text": {"news/2026/a.en.md/b.en.md": an_item()},
    "a broken catalogue": {"locales/de/LC_MESSAGES/site.po": 'msgid "a\nmsgstr'},
    "a catalogue with wrong plurals": {
        "locales/de/LC_MESSAGES/site.po": 'msgid ""\nmsgstr "Plural-Forms: nplurals=x; plural=import os;\\n"\n'
    },
    "a binary catalogue": {"locales/de/LC_MESSAGES/site.po": b"\xde\x12\x04\x95\xff\xfe"},
    "a template in Latin-1": {"templates/page/story.html": "ä".encode("latin-1")},
    "a template that eats itself": {"templates/page/story.html": '{% include "page/story.html" %}'},
    "an audience without columns": {"staff.csv": "name\nAda\n"},
    "an audience of zeros": {"staff.csv": b"\0\0\0"},
    "an audience in Latin-1": {"staff.csv": "email,name,language\na@example.org,Zoë,en\n".encode("latin-1")},
    "an audience with line breaks in names": {
        "staff.csv": 'email,name,language\na@example.org,"A\nBcc: x@example.org",en\n'
    },
    "a site where the audience is a folder": {"staff.csv/x": ""},
}


COMMANDS = (("check",), ("build",), ("build", "--keep-going"), ("digest", "staff", "--dry-run"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistake_of_a_user_shows_a_traceback(
    mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands in the files: nothing but an exit with a status that scripts know, and words."""
    files = {
        "config.toml": CONFIG,
        "news/2026/wells.en.md": an_item(id="wells", title="Wells"),
        "staff.csv": "email,name,language\na@example.org,Ada,en\nb@example.org,Bo,de\n",
    }
    wrong = MISTAKES[mistake]
    kept = {
        name: text for name, text in files.items() if not any(path.startswith(f"{name}/") for path in wrong)
    }
    write_tree(tmp_path, {**kept, **wrong})
    for command in COMMANDS:
        arguments = ["newsfeed", "-C", str(tmp_path), *command, "--now", "2026-01-12T12:00+01:00"]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, 1, 3)
        assert "".join(capsys.readouterr()), command
