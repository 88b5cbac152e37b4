"""The language of the terminal."""

import pytest

from newsfeed.cli.output.voice import user_voice


@pytest.mark.parametrize(
    ("environment", "error"),
    [
        ({}, "error"),
        ({"LANG": "de_DE.UTF-8"}, "Fehler"),
        ({"LANG": "de"}, "Fehler"),
        ({"LANG": "de_AT@euro"}, "Fehler"),
        ({"LANG": "en_US.UTF-8"}, "error"),
        ({"LANG": "C"}, "error"),
        ({"LANG": "C.UTF-8"}, "error"),
        ({"LANG": "POSIX"}, "error"),
        ({"LANG": "tlh_KL.UTF-8"}, "error"),
        ({"LANG": "../../etc"}, "error"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "Fehler"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "error"),
        ({"LANG": "en", "LC_MESSAGES": "en", "LC_ALL": "de_DE.UTF-8"}, "Fehler"),
        ({"LANG": "de", "LC_MESSAGES": "de", "LC_ALL": "C"}, "error"),
        ({"LANG": "de", "LC_MESSAGES": "", "LC_ALL": ""}, "Fehler"),
        ({"LANG": "en", "LC_TIME": "de_DE.UTF-8"}, "error"),
    ],
)
def test_the_voice_is_the_one_that_the_environment_asks_for(environment, error):
    """LC_ALL before LC_MESSAGES before LANG; empty ones do not count, unknown ones are English."""
    assert user_voice(environment).say("error") == error
