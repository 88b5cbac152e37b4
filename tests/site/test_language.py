"""Each edition speaks one language: its own, wherever nothing says otherwise."""

import re
from typing import Any

import pytest

from newsfeed.i18n.catalogues import PROGRAM_DOMAIN, read_catalogue
from newsfeed.model import Story
from tests.peers.lint.markup import Element, read_page
from tests.peers.need import need_module
from tests.site.builds import REPOSITORY, BuiltSite
from tests.site.prose import blocks, letters, sentences

pytestmark = pytest.mark.xdist_group("pages")

SHORTEST = 20
"""Letters a sentence needs before its language can be told."""
MOST_WRONG = 0.02
"""The detector errs too."""


@pytest.fixture(scope="module")
def detector() -> Any:
    """A language detector that knows four languages only."""
    langid = need_module("py3langid.langid")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    model.set_languages(["en", "de", "fr", "nl"])
    return model


def prose(site: BuiltSite, lang: str) -> set[str]:
    """Every different block of text of an edition that is in its own language."""
    return {
        block
        for path, html in site.pages.items()
        if path.startswith(f"{lang}/")
        for block in blocks(html.decode())
    }


def names(site: BuiltSite) -> re.Pattern[str]:
    """What has no language: names of people, projects, files and of the site itself."""
    library, settings = site.site.loaded.library, site.site.settings
    found = set(settings.site.title.by_language.values())
    for table in (library.projects, library.programmes):
        found |= {item.title for content in table.values() for item in content.items.values()}
    for story in library.stories.values():
        assert isinstance(story, Story)
        found |= {*story.authors, *(one.title or one.path.rpartition("/")[2] for one in story.enclosures)}
    for vocabulary in (settings.partners, settings.donors, settings.programmes):
        found |= set(vocabulary.values())
    return re.compile("|".join(re.escape(name) for name in sorted(found, key=len, reverse=True) if name))


def test_sentences_are_in_the_language_of_their_edition(site: BuiltSite, detector: Any) -> None:
    """At most two in a hundred sentences of an edition look like another language."""
    nameless = names(site)
    for lang in site.languages:
        found = {
            sentence
            for block in prose(site, lang)
            for sentence in sentences(nameless.sub("", block))
            if letters(sentence) >= SHORTEST
        }
        wrong = sorted(sentence for sentence in found if detector.classify(sentence)[0] != lang)
        assert len(found) > 50
        assert len(wrong) <= MOST_WRONG * len(found), f"{lang}: {wrong}"


def test_no_english_word_of_the_program_is_left_in_another_edition(site: BuiltSite) -> None:
    """Where a catalogue translates a label or sentence, no page of that edition shows the English one."""
    for lang in ("de", "fr", "nl"):
        catalogue, problems = read_catalogue(REPOSITORY / "locales", lang, PROGRAM_DOMAIN)
        assert catalogue is not None
        assert problems == []
        shown = {word.casefold() for word in prose(site, lang)}
        kept = {forms[0].casefold() for forms in catalogue.messages.values()}
        for (_, message), forms in catalogue.messages.items():
            if message.casefold() not in kept and message != forms[0]:
                assert message.casefold() not in shown, f"{lang}: “{message}” is shown, not “{forms[0]}”"


def test_labels_for_screen_readers_are_translated_too(site: BuiltSite) -> None:
    """The same holds for words that only attributes carry, unless they stand in another language's text."""
    for lang in ("de", "fr", "nl"):
        catalogue, _ = read_catalogue(REPOSITORY / "locales", lang, PROGRAM_DOMAIN)
        assert catalogue is not None
        known = {forms[0] for forms in catalogue.messages.values()}
        patterns = "|".join(re.escape(form).replace(r"\{number\}", r"\d+") for form in known)
        labels = {
            element.attributes["aria-label"]
            for path, html in site.pages.items()
            if path.startswith(f"{lang}/")
            for element in read_page(html).elements
            if "aria-label" in element.attributes and not _is_marked(element)
        }
        assert labels
        assert [label for label in labels if not re.fullmatch(patterns, label)] == []


def _is_marked(element: Element) -> bool:
    return any("lang" in around.attributes for around in element.inside if around.tag != "html")
