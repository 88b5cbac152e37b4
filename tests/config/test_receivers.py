"""``[receivers.*]``: what is read, and that every mistake has its line."""

from datetime import timedelta

import pytest

from newsfeed.config import loader
from newsfeed.service_settings import ReceiverGroup, ReceiverLimits
from newsfeed.settings import Settings
from newsfeed.testing import CONFIG

Found = list[tuple[str, int, object]]


def _read(addition: str) -> tuple[Settings | None, Found]:
    """Settings, and the problems as (code, line, key)."""
    settings, problems = loader.parse_settings(CONFIG + addition)
    start = CONFIG.count("\n")
    return settings, [(one.code, one.where.line - start, dict(one.params).get("key")) for one in problems]


def test_every_key_is_read() -> None:
    """Names in small letters, shares and rates as numbers, the pause in seconds."""
    settings, found = _read("""\
[receivers.proximus]
mx = ["MX.Proximus.example."]
domains = ["Skynet.example", "proximus.example"]
connections = 4
messages = 30
per_second = 2
pause = 600
most_unknown = 0.1
most_complaints = 0
""")
    assert found == []
    assert settings is not None
    assert settings.receivers == {
        "proximus": ReceiverGroup(
            name="proximus",
            mx=("mx.proximus.example",),
            domains=("skynet.example", "proximus.example"),
            limits=ReceiverLimits(
                connections=4,
                messages=30,
                per_second=2.0,
                pause=timedelta(minutes=10),
                most_unknown=0.1,
                most_complaints=0.0,
            ),
        )
    }


def test_no_pause_is_longer_than_the_longest() -> None:
    """Whatever the first one is said to be."""
    settings, _ = _read("[receivers.orange]\npause = 86400\n")
    assert settings is not None
    assert settings.receivers["orange"].limits.longest_pause == timedelta(days=1)


def test_what_is_shipped_may_be_changed_by_one_key() -> None:
    """Whatever is not said stays as it was; so does it for all the others."""
    settings, found = _read("[receivers.orange]\nconnections = 1\n\n[receivers.others]\nmessages = 20\n")
    assert found == []
    assert settings is not None
    assert settings.receivers == {
        "orange": ReceiverGroup(
            name="orange",
            mx=("smtp-in.orange.fr", "smtp-in2.orange.fr"),
            domains=("orange.fr", "wanadoo.fr"),
            limits=ReceiverLimits(connections=1),
        ),
        "others": ReceiverGroup(name="others", limits=ReceiverLimits(messages=20)),
    }


@pytest.mark.parametrize(
    ("text", "code", "line", "key"),
    [
        ("[receivers.club]\nconnections = 3\n", "config-key-missing", 1, "receivers.club.mx"),
        ("[receivers.club]\nmx = ['a b']\n", "config-value", 2, "receivers.club.mx"),
        ("[receivers.club]\ndomains = 'a.example'\n", "config-type", 2, "receivers.club.domains"),
        ("[receivers.orange]\nconnections = 0\n", "config-range", 2, "receivers.orange.connections"),
        ("[receivers.orange]\nmost_unknown = 5\n", "config-range", 2, "receivers.orange.most_unknown"),
        ("[receivers.others]\nmx = ['a.example']\n", "config-key-unknown", 2, None),
        (
            "[receivers.a]\nmx = ['m.example']\n[receivers.b]\nmx = ['M.example']\n",
            "config-value",
            4,
            "receivers.b.mx",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, code: str, line: int, key: str | None) -> None:
    """A group nobody can belong to, names that are none, numbers out of bounds, two groups with one server."""
    settings, found = _read(text)
    assert settings is None
    assert (code, line, key) in [(one[0], one[1], one[2]) for one in found]
