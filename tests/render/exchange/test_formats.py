"""Files for translators: they lose nothing, other programs read them, and what came back is what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import pypo
from translate.storage import xliff as toolkit_xliff

from newsfeed.core.content.exchange import ExchangeUnit
from newsfeed.errors import UsageError
from newsfeed.render.exchange import EXCHANGE_FORMATS, exchange_format

NAMES = [name for name, _ in EXCHANGE_FORMATS]
PIECES = st.sampled_from(
    ["wells", " ", "\n", "[a](b.md)", "`x`", "{name}", "\\", '"', "<b>", "&amp;", "–", "ü", "\u00a0", "> q", "\t",
     "<!-- x -->", "\\<!-- en a|1|abcdef -->", "#", "%", "msgid", "]]>", "\u2028", "日本", "\n\n", "# h"]
)  # fmt: skip
TEXTS = (
    st.lists(PIECES, min_size=1, max_size=8)
    .map("".join)
    .map(lambda text: text.strip("\n \t\u2028"))
    .filter(bool)
)


@st.composite
def units(draw):
    """Units of two texts, in two languages."""
    found = []
    for number, text in enumerate(draw(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))):
        path, lang = (("news/a b.en.md", "en"), ("news/ü.de.md", "de"))[number % 2]
        found.append(ExchangeUnit(path, str(number + 1), f"{number:06x}", lang, *text))
    return sorted(found, key=lambda unit: unit.path)


@pytest.mark.parametrize("name", NAMES)
@given(units())
def test_what_is_written_is_read(name, units):
    """Source and translation to the last blank, and what they belong to."""
    form = exchange_format(name)
    lang, read = form.read(form.write(units, "nl"))
    assert (lang, read) == (("nl" if units or name != "xliff" else ""), units)


@given(units())
def test_the_translate_toolkit_reads_the_same_from_po(units):
    """The library behind Weblate, Pootle and Virtaal."""
    store = pypo.pofile.parsestring(exchange_format("po").write(units, "nl"))
    found = [(unit.getcontext(), str(unit.source), str(unit.target)) for unit in store.units if unit.source]
    assert found == [(unit.id, unit.source, unit.target) for unit in units]


@given(units().filter(bool))
def test_the_translate_toolkit_reads_the_same_from_xliff(units):
    """With the names of units, and their languages."""
    store = toolkit_xliff.xlifffile.parsestring(exchange_format("xliff").write(units, "nl"))
    found = [(unit.xmlelement.get("id"), str(unit.source), str(unit.target)) for unit in store.units]
    assert found == [(unit.id, unit.source, unit.target) for unit in units]
    assert all(unit.istranslated() for unit in store.units)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_outdated_or_empty_does_not_come_back(name):
    """Until somebody has looked at it, and taken the mark away."""
    unit = ExchangeUnit("news/a.en.md", "1", "abcdef", "en", "One", "Eins", is_outdated=True)
    form = exchange_format(name)
    written = form.write([unit, unit._replace(place="2", target="", is_outdated=False)], "de")
    assert form.read(written) == ("de", [])
    for mark in (b"#, fuzzy\n", b"? ", b"needs-review-"):
        written = written.replace(mark, b"")
    assert form.read(written) == ("de", [unit._replace(is_outdated=False)])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_texts_give_the_same_file(name):
    """No moment, and nobody's name, stands in it."""
    unit = ExchangeUnit("news/a.en.md", "1", "abcdef", "en", "One", "Eins")
    written = exchange_format(name).write([unit], "de")
    assert written == exchange_format(name).write([unit], "de")
    assert b"20" not in written.replace(b"UTF-8", b"").replace(b"2.18.0", b"")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("po", b"\xff"),
        ("po", b'msgid "a\n'),
        ("xliff", b""),
        ("xliff", b"<xliff/>"),
        ("xliff", b"<a>"),
        ("xliff", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'),
        ("md", b"\xff"),
        ("md", b"Text.\n"),
    ],
)
def test_what_is_no_such_file_is_refused(name, data):
    """With a sentence, whatever it is."""
    with pytest.raises(UsageError):
        exchange_format(name).read(data)


def test_a_place_that_lost_its_link_gets_it_back():
    """Programs that show places as tags sometimes drop what is in them."""
    unit = ExchangeUnit("news/a.en.md", "1", "abcdef", "en", "See [a](b.md)!", "Siehe [a](b.md)!")
    written = exchange_format("xliff").write([unit], "de")
    head, _, target = written.partition(b"<target")
    assert b">](b.md)</ph>" in target
    damaged = head + b"<target" + target.replace(b">](b.md)</ph>", b"/>")
    assert exchange_format("xliff").read(damaged) == ("de", [unit])


def test_nothing_outside_the_file_is_read(tmp_path):
    """No entity of another file gets into a translation."""
    (tmp_path / "secret").write_text("secret")
    unit = ExchangeUnit("news/a.en.md", "1", "abcdef", "en", "One", "Eins")
    written = exchange_format("xliff").write([unit], "de").partition(b"\n")[2]
    evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'.encode() + written.replace(
        b"Eins", b"E&e;"
    )
    assert "secret" not in str(exchange_format("xliff").read(evil))


@pytest.mark.parametrize("name", ["po", "xliff", "xlf", "md", "markdown"])
def test_formats_are_known_by_their_endings(name):
    """XLIFF has two."""
    assert exchange_format(name) is not None
    assert exchange_format("doc") is None
