"""Names that look alike, in composed and decomposed letters, and with signs that nobody types."""

import pytest

from newsfeed.core.content.file_names import (
    check_forms,
    find_look_alike,
    find_untypable,
    make_plain,
    spell_difference,
)
from newsfeed.problems import Location
from newsfeed.testing import an_item, load_files
from tests.core.told import params, told_by_file
from tests.pictures import png

COMPOSED, DECOMPOSED = "\u00dcbung", "U\u0308bung"


@pytest.mark.parametrize(
    ("name", "plain", "char"),
    [
        ("it’s.png", "it's.png", "’"),
        ("“a” – b.png", '"a" - b.png', "“"),
        ("a\u00a0b\u200b.png", "a b.png", "\u00a0"),
        (COMPOSED, COMPOSED, ""),
        ("plain-name.png", "plain-name.png", ""),
    ],
)
def test_names_as_a_keyboard_types_them(name, plain, char):
    """Letters of every alphabet are typed somewhere; curly quotes are put in by programs."""
    assert (make_plain(name), find_untypable(name)) == (plain, char)


def test_a_look_alike_is_named_only_where_there_is_one():
    """Neither the name itself, nor one of several."""
    assert find_look_alike("it's", ["it’s", "its"]) == "it’s"
    assert find_look_alike("it's", ["it’s", "it´s"]) == ""
    assert find_look_alike("its", ["Its"]) == ""


def test_letters_are_spelled_out_where_names_differ():
    """The first letter, with its marks; nothing where a name ends."""
    assert spell_difference(COMPOSED, DECOMPOSED) == ("Ü (U+00DC)", "U\u0308 (U+0055 U+0308)")
    assert spell_difference("a", "ab") == ("–", "b (U+0062)")
    assert check_forms(Location("a"), "a", "b") is None


@pytest.mark.parametrize(("written", "there"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_files_are_found_by_names_in_the_other_form(written, there):
    """By links and in front matter; they lie in the published folder as they are called here."""
    files = {
        f"news/2026/{there}/index.de.md": an_item(
            f"![x]({written}.png) [y](<{written}.pdf>) [z](../andere-{written}.md)\n",
            id="a-b", image=f"{written}.png", image_alt="x", enclosures=f"[{written}.pdf]",
        ),
        f"news/2026/{written}/index.en.md": "---\ntitle: Exercise\nimage_alt: x\n---\nText.\n",
        f"news/2026/andere-{there}.de.md": an_item(id="b-c"),
        f"news/2026/{there}/{there}.png": png(),
        f"news/2026/{there}/{there}.pdf": b"%PDF-",
    }  # fmt: skip
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == []
    story = loaded.library.stories["a-b"]
    assert set(story.items) == {"de", "en"}
    assert story.assets == {
        f"news/2026/{there}/{there}.{ending}": f"files/news/a-b/{there}.{ending}" for ending in ("pdf", "png")
    }


def test_of_two_files_in_both_forms_the_one_that_is_written_is_meant():
    """Another spelling of both is none of them."""
    files = {
        "news/a.de.md": an_item(f"[x]({COMPOSED}.pdf) [y]({DECOMPOSED}.pdf)\n", id="a-b"),
        f"news/{COMPOSED}.pdf": b"%PDF-",
        f"news/{DECOMPOSED}.pdf": b"%PDF-",
    }
    loaded = load_files(files)
    assert set(loaded.library.stories["a-b"].assets) == files.keys() - {"news/a.de.md"}


def test_two_texts_in_both_forms_are_told_apart_in_letters():
    """For they look the same."""
    files = {f"news/{DECOMPOSED}.de.md": an_item(id="a-b"), f"news/{COMPOSED}.de.md": an_item(id="b-c")}
    (one,) = [one for one in load_files(files).problems if one.code == "name-forms"]
    assert {params(one)["one"], params(one)["two"]} == {"Ü (U+00DC)", "U\u0308 (U+0055 U+0308)"}
