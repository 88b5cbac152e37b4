"""Pieces of texts that go to translators and come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.exchange import ExchangeUnit, find_damage, list_exchange_units, split_protected
from newsfeed.core.content.exchange_merge import merge_units
from newsfeed.core.content.source_units import read_units
from newsfeed.core.content.staleness import find_changes

HEAD = "---\nid: a\ndate: 2030-01-01\ntitle: Wells\nsummary: Two\n---\n\n"
PATH = "news/a.en.md"
WORDS = st.sampled_from(
    ["One.", "- two", "## Three", "4 *four*", "```\nfive\n\nsix\n```", "| a |\n|---|\n| b |", "> seven"]
)
BODIES = st.lists(WORDS, min_size=1, max_size=6).map("\n\n".join)


def original(body):
    """An original, read."""
    return read_units((HEAD + body).encode())


def units_of(source, translation=None):
    """Its pieces."""
    there = read_units(translation) if translation is not None else None
    return list(list_exchange_units(PATH, "en", source, translation, there.noted if there else ""))


def translated(units):
    """All of them, said in another way."""
    return [unit._replace(target=unit.source.replace("e", "ë") + ("" if unit.source.endswith(("|", "`")) else " x"))
            for unit in units]  # fmt: skip


@given(BODIES)
def test_all_that_came_back_stands_in_the_file(body):
    """In the order of the original, with what stands between its paragraphs; the next export has it all."""
    source = original(body)
    back = translated(units_of(source))
    merged = merge_units("en", source, None, back)
    assert (merged.used, merged.late) == (len(back), ())
    assert read_units(merged.data).noted == source.source
    assert units_of(source, merged.data) == back
    again = merge_units("en", source, merged.data, back)
    assert again.data == merged.data


@given(BODIES, BODIES, st.data())
def test_after_a_change_only_what_changed_has_to_travel(before, after, data):
    """What stayed keeps its translation; then all is up to date again, and each piece is where it belongs."""
    old, new = original(before), original(after)
    german = merge_units("en", old, None, translated(units_of(old))).data
    waiting = [unit for unit in units_of(new, german) if not unit.target or unit.is_outdated]
    merged = merge_units("en", new, german, translated(waiting))
    assert read_units(merged.data).noted == new.source
    assert units_of(new, merged.data) == translated(units_of(new))


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True).map("\n\n".join), st.data())
def test_what_did_not_come_back_is_still_waiting(body, data):
    """As a remark that is never published, and as a change that is told. Of two paragraphs that say the same,
    nobody could tell which one is missing.
    """
    source = original(body)
    units = translated(units_of(source))
    lost = data.draw(st.sets(st.integers(0, len(units) - 1)))
    merged = merge_units("en", source, None, [one for number, one in enumerate(units) if number not in lost])
    missing = {units[number].place for number in lost if "```" not in units[number].source}
    noted = read_units(merged.data).noted
    told = find_changes(noted, source.source)
    assert noted == "" or [one.kind for one in told] == ["added"] * len(missing)
    assert merged.data.count(b"<!-- en: ") + merged.data.count(b"<!-- en:\n") == sum(
        place.isdigit() for place in missing
    )


def test_every_other_byte_of_a_translation_stays():
    """Line ends, remarks, keys of its own, and what stands between paragraphs."""
    source = original("One.\n\nTwo.\n")
    noted = original("One.\n\nZwo.\n").source
    german = f'---\r\n# note\r\ntitle:   "Brunnen"  # x\r\nslug: brunnen\r\nsummary: Zwei\r\nsource: {noted}\r\n---\r\n\r\nEins.\r\n\r\n<!-- note -->\r\n\r\n\r\nZwei.\r\n'.encode()
    (unit,) = [one for one in units_of(source, german) if one.is_outdated]
    assert (unit.place, unit.source, unit.target) == ("2", "Two.", "Zwei.")
    merged = merge_units("en", source, german, [unit._replace(target="Zwei!")])
    expected = german.replace(b"Zwei.", b"Zwei!").replace(noted.encode(), source.source.encode())
    assert merged.data == expected


def test_what_translates_an_older_original_is_late():
    """The rest is put in; and a paragraph that only moved is none of these."""
    units = translated(units_of(original("One.\n\nTwo.\n")))
    merged = merge_units("en", original("Two.\n\nThree.\n"), None, units)
    assert [unit.source for unit in merged.late] == ["One."]
    assert b"Two. x\n\n<!-- en: Three. -->\n" in merged.data


def test_a_translation_whose_paragraphs_nobody_knows_is_not_touched():
    """But it can be replaced as a whole."""
    source = original("One.\n\nTwo.\n")
    german = b"---\ntitle: Brunnen\n---\nAlles in einem.\n"
    units = translated(units_of(source))
    assert merge_units("en", source, german, units[:-1]).data is None
    assert merge_units("en", source, b"---\ntitle: [\n---\n", units).data is None
    assert b"Two. x" in merge_units("en", source, german, units).data


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        ("See [a](b.en.md#c).", "Siehe [x](b.de.md#d).", ""),
        ("See [a](b.md).", "Siehe a.", "](b.md)"),
        ("See [a](b.md).", "Siehe [a](https://evil.example).", "](b.md)"),
        ("A.", "[A](https://evil.example).", "](https://evil.example)"),
        ("{name} has %(count)s", "{name} hat %(count)s", ""),
        ("{name}", "{Name}", "{name}"),
        ("Run `newsfeed`.", "`newsfeed` starten.", ""),
        ("Run `newsfeed`.", "Starten.", "`newsfeed`"),
        ("A.[^1]", "A.", "[^1]"),
        ("See https://a.example.", "Siehe https://a.example!", ""),
        ("A", "A\x07", "U+0007"),
    ],
)
def test_what_must_stay_is_looked_for(source, target, lost):
    """Targets of links, code, footnotes and placeholders; not the language of another text."""
    assert find_damage(ExchangeUnit(PATH, "1", "abcdef", "en", source, target)) == lost


@given(st.text(st.sampled_from("a](b) `<{}>[^1]https://"), max_size=30))
def test_parts_of_a_text_make_it_up(text):
    """Nothing is lost between them."""
    assert "".join(part for part, _ in split_protected(text)) == text
