"""The language of the terminal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsfeed.cli.output.voice import Voice, user_voice
from newsfeed.marking import Sentence
from tests.cli.output.voices import a_voice

BERLIN = ZoneInfo("Europe/Berlin")


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
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de"}, "Fehler"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "tlh:en:de"}, "error"),
        ({"LANG": "nl_NL.UTF-8", "LANGUAGE": "tlh::de_AT:fr"}, "Fehler"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "error"),
    ],
)
def test_the_voice_is_the_one_that_the_environment_asks_for(environment, error):
    """LC_ALL before LC_MESSAGES before LANG, and LANGUAGE before all but the locale C; empty ones do not
    count, unknown ones are English.
    """
    assert user_voice(environment).say("error") == error


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("C", "8 Feb 2010, 09:00 | 8 Feb 2010 | 1,234,567 | 0.5 | 3"),
        ("en_US", "Feb 8, 2010, 9:00\u202fAM | Feb 8, 2010 | 1,234,567 | 0.5 | 3"),
        ("de_DE", "08.02.2010, 09:00 | 08.02.2010 | 1.234.567 | 0,5 | 3"),
        ("de_CH", "08.02.2010, 09:00 | 08.02.2010 | 1’234’567 | 0.5 | 3"),
        ("fr_FR", "8 févr. 2010, 09:00 | 8 févr. 2010 | 1\u202f234\u202f567 | 0,5 | 3"),
        ("nl_NL", "8 feb 2010, 09:00 | 8 feb 2010 | 1.234.567 | 0,5 | 3"),
    ],
)
def test_values_are_shown_as_the_user_writes_them(locale, shown):
    """Moments in the zone they carry, numbers with the separators of the language and country."""
    moment = datetime(2010, 2, 8, 9, 0, 30, tzinfo=BERLIN)
    values = (moment, date(2010, 2, 8), 1234567, 0.53, 3.0)
    voice = user_voice({"LC_ALL": f"{locale}.UTF-8"})
    assert " | ".join(map(voice.show, values)) == shown
    assert voice.show(moment.astimezone(UTC)) != voice.show(moment)
    assert voice.show(timedelta(1)) == "1 day, 0:00:00"


def test_a_sentence_inside_a_sentence_is_said_too():
    """Half of a sentence in another language is worse than none."""
    voice = a_voice({"{name} failed: {reason}": "{name} schlug fehl: {reason}", "disk full": "Platte voll"})
    sentence = Sentence("{name} failed: {reason}", name="a{b}", reason=Sentence("disk full"))
    assert voice.say(sentence) == "a{b} schlug fehl: Platte voll"
    assert Voice().say(sentence) == str(sentence) == "a{b} failed: disk full"
    assert voice.say("as {it} is") == "as {it} is"
