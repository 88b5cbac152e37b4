"""Notes of editors: who reads which, and what one file says of the order of stories."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.digests.notes import NO_NOTE, ChosenNote, IssueNote, choose_note, order_stories

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


def a_note(lang: str, **said: object) -> IssueNote:
    """A note in a language."""
    path = f"digests/staff/2026-01-12.{lang}.md"
    values: dict[str, object] = {"html": f"<p>{lang}</p>", **said}
    return IssueNote("staff", date(2026, 1, 12), lang, path, **values)  # type: ignore[arg-type]


def test_readers_get_the_note_in_the_best_of_their_languages() -> None:
    """And know which it is."""
    notes = {"en": a_note("en"), "de": a_note("de")}
    assert choose_note(notes, ("de", "en")).lang == "de"
    assert choose_note(notes, ("fr", "en", "de")).lang == "en"
    assert choose_note(notes, ("fr", "nl")).html == ""


def test_a_subject_is_only_for_readers_of_its_language() -> None:
    """A French mail with an English note has a French subject."""
    notes = {"en": a_note("en", subject="Water at last")}
    assert choose_note(notes, ("en",)).subject == "Water at last"
    assert choose_note(notes, ("fr", "en")).subject == ""


def test_lead_and_order_need_to_be_said_once() -> None:
    """In whichever file; that of the reader's language counts most."""
    notes = {"en": a_note("en", lead="a", order=("b", "c")), "de": a_note("de", lead="d")}
    assert choose_note(notes, ("fr",)).lead == "a"
    german = choose_note(notes, ("de", "en"))
    assert (german.lead, german.order) == ("d", ("b", "c"))


def test_without_a_file_nothing_is_said() -> None:
    """The usual case."""
    assert choose_note({}, ("en",)) is NO_NOTE


@given(IDS, st.sampled_from(["", "a", "z"]), IDS)
def test_no_order_loses_or_doubles_a_story(owed: list[str], lead: str, order: list[str]) -> None:
    """What is named comes first, where it is owed; the rest stays as it was."""
    arranged = order_stories(owed, ChosenNote(lead=lead, order=tuple(order)))
    assert sorted(arranged) == sorted(owed)
    named = {lead, *order}
    assert [one for one in arranged if one not in named] == [one for one in owed if one not in named]
    if lead in owed:
        assert arranged[0] == lead
