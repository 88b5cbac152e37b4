"""docs/config.md against the reader of config.toml."""

import dataclasses
import tomllib

import pytest

from newsfeed.config import loader
from newsfeed.settings import FolderSettings, Settings
from tests.docs.pages import code_of, fences, read, rows, sections

Tables = dict[str, dict[str, object]]
"""Table → its keys and values."""
TABLES = {
    "site": "site",
    "languages.<code>": "languages.de",
    "feeds": "feeds",
    "lists": "lists",
    "output": "output",
    "digests.<name>": "digests.staff",
    "audiences.<name>": "audiences.staff",
    "mail": "mail",
    "mail.dkim": "mail.dkim",
    "channels.folder": "channels.folder",
    "channels.maildir": "channels.maildir",
    "channels.mx": "channels.mx",
    "channels.smtp": "channels.smtp",
    "receivers.<name>": "receivers.club",
    "mailboxes.imap": "mailboxes.imap",
    "mailboxes.maildir": "mailboxes.maildir",
    "doctor": "doctor",
    "store": "store",
    "web": "web",
    "publish": "publish",
    "editors": "editors",
    "websub": "websub",
    "fediverse": "fediverse",
    "translations": "translations",
    "links": "links",
    "limits": "limits",
}
"""Table as documented → a table of that kind. Others have keys of the site's own choice."""
REQUIRED: Tables = {
    "site": {
        "title": "T",
        "base_url": "https://a.example/",
        "languages": ["en", "de"],
        "authority": "a.example,2020",
    },
    "topics": {"water": "Water"},
    "digests.staff": {"schedule": "mon 08:00", "audience": "staff"},
    "audiences.staff": {"file": "staff.csv"},
    "mail.dkim": {"domain": "a.example", "selector": "s", "key_file": "dkim.pem"},
    "channels.mx": {"hello": "news.a.example"},
    "channels.smtp": {"host": "mail.a.example", "username": "newsfeed"},
    "receivers.club": {"mx": ["mail.a.example"]},
    "mailboxes.imap": {"host": "mail.a.example", "username": "bounces"},
    "mailboxes.maildir": {"path": "bounces"},
    "doctor": {"host": "imap.a.example", "username": "test"},
    "publish": {},
}
"""The least configuration in which every kind of table occurs."""


def documented() -> dict[str, list[tuple[str, ...]]]:
    """Table → the rows of its keys."""
    return {
        code_of(heading)[0].strip("[]"): rows(text)
        for heading, text in sections(read("docs/config.md")).items()
    }


def as_toml(tables: Tables) -> str:
    """A configuration from its tables."""
    lines = []
    for name, keys in tables.items():
        lines += [f"[{name}]", *(f"{key} = {_literal(value)}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


def _literal(value: object) -> str:
    """JSON's forms of texts, numbers, flags and lists of texts are TOML's too."""
    if isinstance(value, list):
        return "[" + ", ".join(_literal(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def with_column(column: int) -> Tables:
    """The least configuration, with the values of a column of the documentation written out."""
    tables: Tables = {name: dict(keys) for name, keys in REQUIRED.items()}
    for name, table in TABLES.items():
        for row in documented()[name]:
            values = code_of(row[column])
            if len(values) == 1 and row[column].startswith("`") and _is_toml(values[0]):
                tables.setdefault(table, {})[code_of(row[0])[0]] = tomllib.loads(f"x = {values[0]}")["x"]
    return tables


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(f"x = {text}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def settings_of(tables: Tables) -> Settings:
    """The settings of a configuration that must be right."""
    settings, problems = loader.parse_settings(as_toml(tables))
    assert settings is not None, problems
    assert not problems
    return settings


def keys_asked_for() -> dict[str, set[str]]:
    """Table → the keys the program knows, as it says itself when it meets an unknown one."""
    tables: Tables = {table: dict(REQUIRED.get(table, {})) for table in (*REQUIRED, *TABLES.values())}
    for number, table in enumerate(TABLES.values()):
        tables[table][f"unknown-{number}"] = 1
    _, problems = loader.parse_settings("unknown-root = 1\n" + as_toml(tables))
    found = {dict(one.params)["value"]: dict(one.params)["known"] for one in problems}
    assert all(one.code == "config-key-unknown" for one in problems)
    keys = {name: set(found[f"unknown-{number}"].split(", ")) for number, name in enumerate(TABLES)}
    return {**keys, "": set(found["unknown-root"].split(", "))}


def test_every_table_is_documented_and_no_other() -> None:
    """The tables of the page are those of the settings."""
    there = {name.partition(".")[0] for name in documented()}
    assert (
        there
        == keys_asked_for()[""]
        == {field.name for field in dataclasses.fields(Settings) if field.name not in ("issues", "preview")}
    )


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_table_is_documented_and_no_other(table: str) -> None:
    """A key that the page leaves out, or makes up, is found."""
    assert {code_of(row[0])[0] for row in documented()[table]} == keys_asked_for()[table]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_has_type_default_example_and_meaning(table: str) -> None:
    """No cell is empty."""
    assert [row for row in documented()[table] if len(row) != 5 or not all(row)] == []


def test_documented_defaults_are_the_real_ones() -> None:
    """Writing every documented default into the configuration changes nothing."""
    tables: Tables = {name: dict(keys) for name, keys in REQUIRED.items()}
    assert settings_of(with_column(2)) == settings_of(tables)


def test_documented_examples_are_accepted() -> None:
    """All examples together make a configuration without problems."""
    assert settings_of(with_column(3)).digests["staff"].topics == ("water",)


def test_the_default_folders_of_mails_are_documented() -> None:
    """The page names them, though no table needs to."""
    channels = settings_of(REQUIRED).channels
    for name in ("folder", "maildir"):
        channel = channels[name]
        assert isinstance(channel, FolderSettings)
        assert [(row[0], row[2]) for row in documented()[f"channels.{name}"]] == [
            ("`path`", f'`"{channel.path}"`')
        ]


def test_the_smallest_configuration_works() -> None:
    """The first block of the page is a whole configuration."""
    first = next(one for one in fences(read("docs/config.md")) if one.info == "toml")
    settings, problems = loader.parse_settings(first.code)
    assert settings is not None
    assert problems == []
