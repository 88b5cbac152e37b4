"""The foot of a digest: why somebody gets it, and the one way it stops."""

import pytest

from newsfeed.mail import digest
from newsfeed.mail.footer import compose_footer
from newsfeed.testing import settings_from
from tests.mail.issues import CONFIG, LANGUAGES, issue, stories, texts_of, tools
from tests.mail.test_digest import a_view, headers, read_message
from tests.peers.lint import parts_agree

LINK = "https://news.example/leave/4f2a"
MAIL = "mailto:answers@news.example?subject=unsubscribe%20staff"
STOP = {
    "en": "write to answers@news.example",
    "de": "answers@news.example",
    "fr": "answers@news.example",
    "nl": "answers@news.example",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_link_the_foot_names_whom_to_write_to(lang: str) -> None:
    """In both parts, in the reader's language; and the link opens a mail that says what is wanted."""
    for text in texts_of(issue(stories(1)).of(lang)):
        assert STOP[lang] in text
        assert "mailto:answers@news.example?subject=unsubscribe%20staff" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_a_link_nobody_is_told_to_write(lang: str) -> None:
    """One way is enough; the reason itself stays."""
    settings, texts, _ = tools(CONFIG)
    without = compose_footer(settings.mail, texts[lang], "A title")
    linked = compose_footer(settings.mail, texts[lang], "A title", LINK)
    assert linked == without[:1]
    assert "A title" in linked[0]
    assert "answers@news.example" in without[1]
    assert "answers@news.example" not in linked[0]
    assert compose_footer(settings.mail, texts[lang], "A title", MAIL) == without


def test_a_page_and_the_sentence_never_stand_in_one_mail() -> None:
    """As it is composed for the store: reasons and link come from one place."""
    settings, texts, templates = tools(CONFIG)
    for unsubscribe in (MAIL, LINK):
        why = compose_footer(settings.mail, texts["en"], "A title", unsubscribe)
        data = digest.encode_digest_message(
            digest.render_digest_mail(templates, a_view("A title"), why, unsubscribe), headers("x")
        )
        assert parts_agree(data) == []
        for part in read_message(data).iter_parts():
            shown = part.get_content()
            assert unsubscribe in shown
            assert ("write to answers@news.example" in " ".join(shown.split())) == (unsubscribe == MAIL)


def test_without_an_address_for_answers_the_sender_is_asked() -> None:
    """`reply_to` is optional."""
    settings = settings_from(CONFIG.replace('reply_to = "answers@news.example"\n', ""))
    _, texts, _ = tools(CONFIG)
    assert "news@news.example" in compose_footer(settings.mail, texts["en"], "A title")[1]
