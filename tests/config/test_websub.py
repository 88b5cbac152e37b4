"""The settings of WebSub and of a bridge to the Fediverse."""

import pytest

from newsfeed.service_settings import FediverseSettings, WebSubSettings
from tests.config.test_publish import read

WEB = '[web]\nbase_url = "https://mail.test.example/"\n'


def test_without_the_tables_nobody_is_told() -> None:
    """And names lead nowhere."""
    settings = read("")[0]
    assert settings is not None
    assert (settings.websub, settings.fediverse, settings.hubs) == (WebSubSettings(), FediverseSettings(), ())


def test_our_own_hub_comes_first() -> None:
    """Its address follows from that of the service."""
    settings, problems = read(
        f'{WEB}[websub]\nhubs = ["https://hub.example/push?a=b"]\nhub = true\nallow_private = true\n'
    )
    assert problems == []
    assert settings is not None
    assert settings.hubs == ("https://mail.test.example/websub", "https://hub.example/push?a=b")
    assert (settings.own_hub, settings.websub.allow_private) == (settings.hubs[0], True)


@pytest.mark.parametrize(
    "lines", ['[websub]\nhubs = ["http://hub.example/"]', '[websub]\nhubs = ["hub"]', "[websub]\nhub = true",
              '[websub]\nhubs = ["https://hub.example/\\">"]', '[fediverse]\nwebfinger = "ftp://b.example/"'],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(lines: str) -> None:
    """With its line; a hub of our own needs an address."""
    assert read(f"{lines}\n")[1] == [("config-value", 2)]


def test_a_bridge_has_two_addresses() -> None:
    """Either may be missing."""
    settings = read('[fediverse]\nwebfinger = "https://b.example/wf"\n')[0]
    assert settings is not None
    assert settings.fediverse == FediverseSettings(webfinger="https://b.example/wf")
