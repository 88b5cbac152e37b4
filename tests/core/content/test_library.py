"""Files together: translations joined, facts agreed, references checked."""

import pytest

from newsfeed.build.load import Loaded
from newsfeed.testing import CONFIG, an_item, load_files, settings_from
from tests.core.told import params, told_by_file

PICTURE = b"\x89PNG"


def translation(**fields: str) -> str:
    """A text without facts."""
    return an_item(date=None, **fields)


def found(files: dict[str, str | bytes], **options: bool) -> list[str]:
    """What is wrong with a site, file by file."""
    return told_by_file(load_files(files, **options).problems)


def only(loaded: Loaded, code: str) -> dict[str, str]:
    """The parameters of the one problem with this code."""
    (one,) = [problem for problem in loaded.problems if problem.code == code]
    return params(one)


# -- translations -----------------------------------------------------------------------------------


def test_translations_are_joined_by_their_names():
    """Flat files and folders alike; the original is the one with the date."""
    loaded = load_files(
        {
            "news/2010/a.en.md": translation(title="Well"),
            "news/2010/a.de.md": an_item(title="Brunnen", id="well"),
            "news/2010/a/index.fr.md": translation(title="Puits"),
        }
    )
    assert loaded.problems == ()
    (story,) = loaded.library.stories.values()
    assert (story.id, story.original) == ("well", "de")
    assert {lang: item.title for lang, item in story.items.items()} == {
        "de": "Brunnen",
        "fr": "Puits",
        "en": "Well",
    }
    assert story.origin.title == "Brunnen"
    assert loaded.library.paths["news/2010/a/index.fr.md"] == ("news", "well")
    assert loaded.texts == 3


def test_a_file_with_a_region_in_any_case_is_of_its_edition():
    """``PT_br`` is ``pt-BR``."""
    settings = settings_from(CONFIG.replace('["en", "de", "fr", "nl"]', '["en", "pt-BR", "nl"]').replace('"de"]', '"pt-BR"]'))  # fmt: skip
    loaded = load_files({"news/a.PT_br.md": an_item(id="a-b")}, settings)
    assert list(loaded.library.stories["a-b"].items) == ["pt-BR"]


def test_two_files_for_one_text_are_told_at_the_second():
    """The one that sorts first is kept."""
    files = {
        "news/a.en.md": an_item(id="a-b", title="first"),
        "news/a/index.en.md": an_item(id="a-b", title="second"),
        "news/a.EN.md": an_item(id="a-b", title="third"),
    }
    assert found(files) == [
        "news/a.en.md: language-twice 1:1",
        "news/a/index.en.md: language-twice 1:1",
    ]
    loaded = load_files(files)
    assert loaded.library.stories["a-b"].origin.title == "third"
    assert params(loaded.problems[0]) == {"other": "news/a.EN.md"}


@pytest.mark.parametrize(
    ("files", "original"),
    [
        ({"news/a.de.md": an_item(), "news/a.en.md": translation()}, "de"),
        ({"news/a.fr.md": an_item()}, "fr"),
        ({"projects/a.de.md": translation(), "projects/a.en.md": translation()}, "en"),
        ({"projects/a.de.md": translation()}, "de"),
        ({"programmes/a.fr.md": translation(), "programmes/a.en.md": translation()}, "en"),
        ({"pages/a.nl.md": translation()}, "nl"),
        ({"pages/a.nl.md": translation(), "pages/a.en.md": translation()}, "en"),
    ],
)
def test_the_original_holds_the_facts(files, original):
    """Of a story the file with the date; of the rest the default language's, or the only one."""
    library = load_files(files).library
    (content,) = [
        *library.stories.values(),
        *library.projects.values(),
        *library.programmes.values(),
        *library.pages.values(),
    ]
    assert content.original == original


@pytest.mark.parametrize("kind", ["projects", "programmes", "pages"])
def test_an_original_may_be_unclear(kind):
    """Two translations of something the default language does not have."""
    loaded = load_files({f"{kind}/a.de.md": translation(), f"{kind}/a.fr.md": translation()})
    assert told_by_file(loaded.problems) == [f"{kind}/a.de.md: original-unclear 1:1"]
    assert only(loaded, "original-unclear") == {"language": "en"}


def test_a_second_date_is_a_second_original():
    """It is told at each file but the first; the date itself is no conflict besides."""
    files = {
        "news/a.de.md": an_item(id="a-b"),
        "news/a.en.md": an_item(date="2026-02-01"),
        "news/a.fr.md": an_item(),
    }
    assert found(files) == [
        "news/a.en.md: original-twice 3:7",
        "news/a.fr.md: original-twice 3:7",
    ]
    assert params(load_files(files).problems[0]) == {"keys": "date", "other": "news/a.de.md"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"news/a.de.md": translation(), "news/a.en.md": translation()}, ["news/a.en.md: original-missing 1:1"]),
        ({"news/a.de.md": translation(), "news/a.fr.md": translation()}, ["news/a.de.md: translation-alone 1:1"]),
        ({"news/a.de.md": translation()}, ["news/a.de.md: translation-alone 1:1"]),
        ({"news/a.en.md": an_item(date="soon")}, ["news/a.en.md: date-invalid 3:7"]),
        (
            {"news/a.de.md": an_item(date="soon"), "news/a.en.md": translation()},
            ["news/a.de.md: date-invalid 3:7"],
        ),
        (
            {"news/a.en.md": translation(updated="soon")},
            ["news/a.en.md: date-invalid 3:10", "news/a.en.md: original-missing 1:1"],
        ),
        (
            {"news/a.en.md": translation(id="X")},
            ["news/a.en.md: id-invalid 3:5", "news/a.en.md: original-missing 1:1"],
        ),
    ],
)  # fmt: skip
def test_a_story_needs_a_date(files, told):
    """Missing, it is told where it belongs; unreadable, it is not called missing too."""
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == told
    assert loaded.library.stories == {}


def test_a_translation_whose_name_has_a_slip_is_told_its_original():
    """A name that is nearly the same is proposed."""
    (one,) = load_files({"news/snu.en.md": an_item(id="a-b"), "news/sun.de.md": translation()}).problems
    assert told_by_file([one]) == ["news/sun.de.md: translation-alone 1:1"]
    assert one.suggestion == "snu"


def test_a_text_without_a_title_takes_its_translations_along():
    """Nothing is shown that has no original, but only the cause is told."""
    files = {"news/a.en.md": "---\ndate: 2026-01-05\nid: a-b\n---\nText", "news/a.de.md": translation()}
    assert found(files) == ["news/a.en.md: key-missing 1:1"]
    assert load_files(files).library.stories == {}


def test_a_translation_without_a_title_is_left_out_alone():
    """The original is shown."""
    files = {"news/a.en.md": an_item(id="a-b"), "news/a.de.md": "---\nsummary: s\n---\nText"}
    assert found(files) == ["news/a.de.md: key-missing 1:1"]
    assert list(load_files(files).library.stories["a-b"].items) == ["en"]


# -- facts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"topics": "[water]"}, ["news/a.de.md: fact-in-translation 3:10"]),
        ({"topics": "[energy]"}, ["news/a.de.md: fact-conflict 3:10"]),
        ({"draft": "yes"}, ["news/a.de.md: fact-conflict 3:8"]),
        ({"id": "a-b"}, ["news/a.de.md: fact-in-translation 3:5"]),
        ({"id": "other"}, ["news/a.de.md: fact-conflict 3:5"]),
        ({"updated": "2026-01-06"}, ["news/a.de.md: fact-in-translation 3:10"]),
        ({"updated": "2026-01-06 07:00Z"}, ["news/a.de.md: fact-in-translation 3:10"]),
        ({"countries": "[kz]"}, ["news/a.de.md: fact-in-translation 3:13"]),
        ({"slug": "brunnen", "source": "new"}, ["news/a.de.md: source-new 4:9"]),
    ],
)  # fmt: skip
def test_facts_stand_once(fields, told):
    """Repeated they are a warning, contradicted an error; what a translation carries is no fact."""
    files = {
        "news/a.en.md": an_item(id="a-b", topics="[water]", updated="2026-01-06", countries="[KZ]"),
        "news/a.de.md": translation(**fields),
    }
    assert found(files) == told


def test_a_fact_says_which_file_counts():
    """Key and file of the original."""
    loaded = load_files({"news/a.en.md": an_item(id="a-b"), "news/a.de.md": translation(draft="yes")})
    assert only(loaded, "fact-conflict") == {"keys": "draft", "other": "news/a.en.md"}


@pytest.mark.parametrize("kind", ["projects", "programmes", "pages"])
def test_an_id_beside_the_original_is_a_conflict(kind):
    """Also when the original has none."""
    files = {f"{kind}/a.en.md": translation(), f"{kind}/a.de.md": translation(id="a-b")}
    assert found(files) == [f"{kind}/a.de.md: fact-conflict 3:5"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"date": "2026-01-05", "updated": "2026-01-04"}, ["updated-before-date 5:10"]),
        ({"date": "2026-01-05", "updated": "2026-01-05 07:59"}, ["updated-before-date 5:10"]),
        ({"date": "2026-01-05", "updated": "2026-01-05"}, []),
        ({"date": "2026-01-05", "expires": "2026-01-04"}, ["expires-before-date 5:10"]),
        ({"date": "2026-01-05", "expires": "2026-01-05"}, []),
        ({"date": "2026-10-25 02:30+02:00", "updated": "2026-10-25 02:10+01:00"}, []),
        ({"date": "2026-10-25 02:10+01:00", "updated": "2026-10-25 02:30+02:00"}, ["updated-before-date 5:10"]),
        ({"date": "2026-01-05", "updated": "soon"}, ["date-invalid 5:10"]),
    ],
)  # fmt: skip
def test_nothing_changes_or_expires_before_it_appears(fields, told):
    """Instants count, also in the hour that the clock shows twice."""
    date = fields.pop("date")
    files = {"news/a.en.md": an_item(date=date, id="a-b", **fields)}
    assert found(files) == [f"news/a.en.md: {one}" for one in told]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2008-01", "2007-12", ["end-before-start 5:6"]),
        ("2008-01", "2008-01", []),
        ("2008-01-15", "2008-01-14", ["end-before-start 5:6"]),
        ("2008-01-15", "2008-01-15", []),
        ("2008-01-15", "2008-01", []),
        ("2008-02", "2008-01-31", ["end-before-start 5:6"]),
        ("2008-01", "2008-01-01", []),
    ],
)
def test_a_project_ends_after_it_starts(start, end, told):
    """Months hold all their days."""
    files = {"projects/a.en.md": translation(id="a-b", start=start, end=end)}
    assert found(files) == [f"projects/a.en.md: {one}" for one in told]


def test_a_project_keeps_its_facts():
    """As its page lists them."""
    fields = {
        "id": "wells", "programme": "clean", "countries": "[KZ]", "donors": "[ministry]", "partners": "[club]",
        "topics": "[water]", "start": "2008-01", "city": "Taraz", "organisation": "Club", "image": "a.png",
        "image_alt": "Well",
    }  # fmt: skip
    files = {
        "projects/a.en.md": translation(**fields),
        "projects/a.png": PICTURE,
        "programmes/clean.en.md": translation(id="clean", image="../projects/a.png", image_alt="Well"),
    }
    loaded = load_files(files)
    assert loaded.problems == ()
    project = loaded.library.projects["wells"]
    assert (project.programme, project.donors, project.partners) == ("clean", ("ministry",), ("club",))
    assert (project.countries, project.topics, project.city) == (("KZ",), ("water",), "Taraz")
    assert (project.organisation, project.image, project.end) == ("Club", "projects/a.png", None)
    assert loaded.library.programmes["clean"].image == "projects/a.png"
    assert project.assets == {"projects/a.png": "files/projects/wells/a.png"}


def test_stories_are_sorted_newest_first():
    """By instant, also in the hour that the clock shows twice; equal ones by id."""
    files = {
        "news/a.en.md": an_item(id="a-b", date="2026-10-25 02:30+02:00"),
        "news/b.en.md": an_item(id="b-b", date="2026-10-25 02:10+01:00"),
        "news/c.en.md": an_item(id="c-b", date="2026-10-26"),
        "news/e.en.md": an_item(id="e-b", date="2026-10-24"),
        "news/d.en.md": an_item(id="d-b", date="2026-10-24"),
    }
    assert list(load_files(files).library.stories) == ["c-b", "b-b", "a-b", "d-b", "e-b"]


# -- ids and addresses ------------------------------------------------------------------------------


def test_without_an_id_one_is_derived_and_advised():
    """The advice says which line to write."""
    loaded = load_files({"news/2010/a.en.md": an_item(), "pages/about.en.md": translation()})
    assert list(loaded.library.stories) == ["2010-a"]
    assert list(loaded.library.pages) == ["about"]
    assert [(one.code, one.where.path, params(one)) for one in loaded.problems] == [
        ("id-missing", "news/2010/a.en.md", {"value": "2010-a"}),
        ("id-missing", "pages/about.en.md", {"value": "about"}),
    ]


def test_an_id_that_cannot_be_read_is_not_called_missing():
    """One cause, one problem."""
    loaded = load_files({"news/a.en.md": an_item(id="A B")})
    assert [one.code for one in loaded.problems] == ["id-invalid"]


@pytest.mark.parametrize("path", ["news/🦀.en.md", "news/index.en.md", "news/!.en.md"])
def test_a_name_may_be_no_id_at_all(path):
    """Then the id must be written down."""
    loaded = load_files({path: an_item()})
    assert told_by_file(loaded.problems) == [f"{path}: id-invalid 1:1"]
    assert loaded.library.stories == {}
    assert [one.code for one in load_files({path: an_item(id="a-b")}).problems] == []


def test_an_id_is_taken_once_in_each_folder():
    """Told at the file that sorts later; other kinds of content do not mind."""
    files = {
        "news/a.en.md": an_item(id="a-b"),
        "news/b.en.md": an_item(id="a-b"),
        "pages/a.en.md": translation(id="a-b"),
        "projects/a.en.md": translation(id="a-b"),
    }
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == ["news/b.en.md: id-duplicate 4:5"]
    assert only(loaded, "id-duplicate") == {"value": "a-b", "other": "news/a.en.md"}
    assert loaded.library.stories["a-b"].origin.path == "news/a.en.md"


def test_a_text_whose_id_is_taken_is_told_all_that_is_wrong_with_it():
    """Not one thing after the other."""
    files = {
        "news/a.en.md": an_item(id="a-b"),
        "news/b.en.md": an_item("[x](nowhere.md)\n", id="a-b", image="missing.png", image_alt="A well"),
    }
    assert sorted(found(files)) == [
        "news/b.en.md: enclosure-missing 5:8",
        "news/b.en.md: id-duplicate 4:5",
        "news/b.en.md: link-broken 8:1",
    ]


def test_derived_ids_can_meet_too():
    """Then at the head of the file, for no line says it."""
    files = {"news/2010/a.en.md": an_item(), "news/2010-a.en.md": an_item()}
    assert found(files) == ["news/2010/a.en.md: id-duplicate 1:1"]


@pytest.mark.parametrize(
    ("files", "told", "address"),
    [
        (
            {"news/1/a.en.md": an_item(id="a-b"), "news/2/a.en.md": an_item(id="b-b")},
            ["news/2/a.en.md: url-duplicate 1:1"],
            "/en/news/2026/a/",
        ),
        (
            {"news/1/a.en.md": an_item(id="a-b"), "news/2/b.en.md": an_item(id="b-b", slug="a")},
            ["news/2/b.en.md: url-duplicate 5:7"],
            "/en/news/2026/a/",
        ),
        (
            {"pages/1/a.de.md": translation(id="a-b"), "pages/2/a.de.md": translation(id="b-b")},
            ["pages/2/a.de.md: url-duplicate 1:1"],
            "/de/a/",
        ),
        ({"news/1/a.en.md": an_item(id="a-b"), "news/2/a.de.md": an_item(id="b-b")}, [], ""),
        ({"news/1/a.en.md": an_item(id="a-b"), "news/2/a.en.md": an_item(id="b-b", date="2025-01-05")}, [], ""),
    ],
)  # fmt: skip
def test_one_address_shows_one_page(files, told, address):
    """The same slug in the same year and language is one too many."""
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == told
    if told:
        first = min(files)
        assert only(loaded, "url-duplicate") == {"value": address, "other": first}


# -- files ------------------------------------------------------------------------------------------


def test_files_of_a_text_are_published_below_its_id():
    """Image, enclosures and what the text links to; nothing that is only there."""
    body = "[map](map.pdf) ![pump](img/pump.png) [far](../../../pages/logo.svg)\n"
    fields = {"id": "well", "image": "well.png", "image_alt": "Well", "enclosures": "[plan.zip]"}
    files = {
        "news/2010/well/index.en.md": an_item(body, **fields),
        "news/2010/well/index.de.md": an_item("[Karte](karte.pdf)\n", date=None, image_alt="Brunnen"),
        **{
            f"news/2010/well/{name}": b"123"
            for name in ("map.pdf", "karte.pdf", "img/pump.png", "unused.png")
        },
        **{f"news/2010/well/{name}": b"1234" for name in ("well.png", "plan.zip")},
        "pages/logo.svg": b"<svg/>",
    }
    loaded = load_files(files)
    assert loaded.problems == ()
    story = loaded.library.stories["well"]
    assert story.assets == {
        "news/2010/well/img/pump.png": "files/news/well/img/pump.png",
        "news/2010/well/karte.pdf": "files/news/well/karte.pdf",
        "news/2010/well/map.pdf": "files/news/well/map.pdf",
        "news/2010/well/plan.zip": "files/news/well/plan.zip",
        "news/2010/well/well.png": "files/news/well/well.png",
        "pages/logo.svg": "files/site/pages/logo.svg",
    }
    assert story.image == "news/2010/well/well.png"
    assert [(one.path, one.media_type, one.size) for one in story.enclosures] == [
        ("news/2010/well/plan.zip", "application/zip", 4)
    ]


def test_an_image_of_a_translation_is_published_too():
    """It is a repeated fact, and yet the file is there."""
    files = {
        "news/a.en.md": an_item(id="a-b", image="a.png", image_alt="A", enclosures="[a.pdf]"),
        "news/a.de.md": translation(image="a.png", image_alt="A", enclosures="[a.pdf]"),
        "news/a.png": PICTURE,
        "news/a.pdf": b"%PDF-",
    }
    loaded = load_files(files)
    assert set(loaded.library.stories["a-b"].assets) == {"news/a.png", "news/a.pdf"}


@pytest.mark.parametrize(
    ("fields", "told", "suggestion"),
    [
        ({"image": "wel.png"}, "enclosure-missing 5:8", "well.png"),
        ({"image": "../x.png"}, "enclosure-missing 5:8", ""),
        ({"image": "/news/well.png"}, "enclosure-missing 5:8", "well.png"),
        ({"enclosures": "plan.pfd", "topics": "[water]"}, None, ""),
        ({"enclosures": "[plans.pdf]"}, "enclosure-missing 5:14", "plan.pdf"),
        ({"enclosures": "[plan.pdf, other.zip]"}, "enclosure-missing 5:24", ""),
        ({"enclosures": "[{file: plan.pdf}, {file: other.zip}]"}, "enclosure-missing 5:39", ""),
    ],
)
def test_a_file_that_is_not_there_is_told(fields, told, suggestion):
    """With the name of a file beside the text that is nearly the same."""
    files = {
        "news/a.en.md": an_item(id="a-b", **fields, **({"image_alt": "A well"} if "image" in fields else {})),
        "news/well.png": PICTURE,
        "news/plan.pdf": b"%PDF-",
    }
    loaded = load_files(files)
    if told is None:  # an ending nobody knows has no type, which is told first
        assert told_by_file(loaded.problems) == ["news/a.en.md: enclosure-type 5:13"]
        return
    (one,) = loaded.problems
    assert f"{one.code} {one.where.line}:{one.where.column}" == told
    assert one.suggestion == suggestion


def test_an_image_needs_words_in_every_language():
    """Told at each text that lacks them."""
    files = {
        "news/a.en.md": an_item(id="a-b", image="a.png", image_alt="A well"),
        "news/a.de.md": translation(),
        "news/a.fr.md": translation(image_alt="Un puits"),
        "news/b.en.md": an_item(id="b-b", image="a.png"),
        "news/c.en.md": an_item(id="c-b", image=""),
        "news/a.png": PICTURE,
    }
    assert found(files) == [
        "news/a.de.md: image-alt-missing 1:1",
        "news/b.en.md: image-alt-missing 5:8",
        "news/c.en.md: value-empty 5:7",
    ]


def test_a_translation_learns_that_its_original_has_changed():
    """``source`` names the paragraphs that were translated; without it nobody asks."""
    before = an_item("The text.\n\nMore.\n", id="a-b", summary="In short")
    after = an_item("First.\n\nThe text.\n\nAnd more.\n", id="a-b")
    sources = [
        load_files({"news/a.en.md": one}).library.stories["a-b"].origin.paragraphs for one in (before, after)
    ]
    files = {
        "news/a.en.md": after,
        "news/a.de.md": translation(source=sources[0]),
        "news/a.fr.md": translation(source=sources[1]),
        "news/a.nl.md": translation(),
    }
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == ["news/a.de.md: translation-stale 3:9"]
    assert only(loaded, "translation-stale") == {
        "other": "news/a.en.md",
        "path": "news/a.de.md",
        "language": "de",
        "edited": "¶\N{NO-BREAK SPACE}3",
        "added": "¶\N{NO-BREAK SPACE}1",
        "removed": "summary",
        "moved": "",
    }
    items = loaded.library.stories["a-b"].items
    assert [lang for lang in items if items[lang].is_outdated] == ["de"]


def test_the_fingerprint_of_a_whole_text_is_still_understood():
    """As earlier versions noted it; which paragraphs are others, nobody knows."""
    original = an_item("The text.\n", id="a-b", summary="In short")
    fingerprint = load_files({"news/a.en.md": original}).library.stories["a-b"].origin.text_fingerprint
    files = {"news/a.de.md": translation(source="0" * 24), "news/a.fr.md": translation(source=fingerprint)}
    loaded = load_files({"news/a.en.md": original, **files})
    assert told_by_file(loaded.problems) == ["news/a.de.md: translation-stale-somewhere 3:9"]


def test_who_asks_for_the_fingerprint_is_not_told_that_something_changed():
    """``source: new`` is answered with the value to put there."""
    original = an_item("The text.\n", id="a-b")
    loaded = load_files({"news/a.en.md": original, "news/a.de.md": translation(source="new")})
    assert told_by_file(loaded.problems) == ["news/a.de.md: source-new 3:9"]
    fingerprint = loaded.library.stories["a-b"].origin.paragraphs
    assert only(loaded, "source-new") == {"other": "news/a.en.md", "value": fingerprint}


# -- links and references ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[x](gone.md)", "link-broken 6:1"),
        ("text\n\n[x](gone.pdf)", "link-broken 8:1"),
        ("[x]()", "link-broken 6:1"),
        ('<a href="">x</a>', "link-broken 6:1"),
        ('text <a href="gone.md">x</a>', "link-broken 6:6"),
        ("[x](//[)", "link-half 6:1"),
        ('<a href="//[">x</a>', "link-broken 6:1"),
        ("ünï [x](javascript:alert(1))", "link-scheme 6:5"),
        ("<javascript:alert(1)>", "link-scheme 6:1"),
        ("[x](ftp://example.org)", "link-scheme 6:1"),
        ("[x](twice)", "link-ambiguous 6:1"),
        ("![](a.png)", "alt-missing 6:1"),
        ("![ ](a.png)", "alt-missing 6:1"),
        ("日本 ![](a.png)", "alt-missing 6:4"),
        ('<img src="a.png">', "alt-missing 6:1"),
        ('<img src="a.png" alt="">', "alt-missing 6:1"),
        ("<img src=a.png alt=pump>", None),
        ('<img alt="A > B" src="a.png">', None),
        ("[![](a.png)](b)", "alt-missing 6:2"),
        ("[x](b) [y](b.md) [z](https://example.org) ![w](a.png) [v](#top)", None),
        ("`[x](gone.md)`", None),
        ("    [x](gone.md)", None),
        ("```\n[x](gone.md)\n```", None),
        ("[x][ref]\n\n[ref]: gone.md", "link-broken 6:1"),
        ("Note[^1]\n\n[^1]: [x](gone.md)", "link-broken 8:7"),
        ("| a |\n|---|\n| [x](gone.md) |", "link-broken 8:3"),
        ("- a\n- b [x](gone.md)", "link-broken 7:5"),
        ("> a\n> b [x](gone.md)", "link-broken 7:5"),
    ],
)
def test_a_link_that_leads_nowhere_is_told_at_its_place(body, told):
    """In characters, whatever stands before it; code is no link."""
    files = {
        "news/a.en.md": an_item(body + "\n", id="a-b"),
        "news/b.en.md": an_item(id="b-b"),
        "news/x/twice.en.md": an_item(id="c-b"),
        "news/y/twice.en.md": an_item(id="d-b", slug="two"),
        "news/a.png": PICTURE,
    }
    assert found(files) == ([f"news/a.en.md: {told}"] if told else [])


@pytest.mark.parametrize(
    ("target", "value", "suggestion"),
    [
        ("solar-trainin.en.md", "solar-trainin.en.md", "solar-training.en.md"),
        ("rapport.pdf", "rapport.pdf", "report.pdf"),
        ("ünï.gz", "ünï.gz", ""),
        ("<x y.gz>", "x y.gz", ""),
        ("zzz", "zzz", ""),
    ],
)
def test_a_broken_link_is_shown_as_it_was_written_with_a_suggestion(target, value, suggestion):
    """Names of texts anywhere, and of files beside the text."""
    files = {
        "news/a.en.md": an_item(f"[x]({target})\n", id="a-b"),
        "news/solar-training.en.md": an_item(id="b-b"),
        "news/report.pdf": b"",
    }
    (one,) = load_files(files).problems
    assert params(one)["value"] == value
    assert one.suggestion == suggestion


def test_an_ambiguous_link_names_the_candidates():
    """So that the author can choose."""
    files = {
        "news/a.en.md": an_item("[x](b.md)\n", id="a-b"),
        "news/x/b.en.md": an_item(id="b-b"),
        "pages/b.en.md": translation(id="b-b"),
    }
    assert only(load_files(files), "link-ambiguous") == {
        "value": "b.md",
        "known": "news/x/b.en.md, pages/b.en.md",
    }


@pytest.mark.parametrize(
    ("path", "fields", "told", "suggestion"),
    [
        ("news/a.en.md", {"projects": "[village-well]"}, "project-unknown 4:12", "village-wells"),
        ("news/a.en.md", {"projects": "zzz"}, "project-unknown 4:11", ""),
        ("news/a.en.md", {"programmes": "[clean-waters]"}, "programme-unknown 4:14", "clean-water"),
        ("news/a.en.md", {"programmes": "[green-towns]"}, "programme-unknown 4:14", "green-town"),
        ("projects/a.en.md", {"programme": "clean", "date": None}, "programme-unknown 3:12", "clean-water"),
        ("projects/a.en.md", {"programme": "clean-water", "date": None}, None, ""),
        ("news/a.en.md", {"programmes": "[green-town, clean-water]", "projects": "village-wells"}, None, ""),
    ],
)
def test_references_lead_to_content_or_vocabulary(path, fields, told, suggestion):
    """Programmes may be files or names of the configuration."""
    settings = settings_from(CONFIG + '\n[programmes]\ngreen-town = "Green town"\n')
    files = {
        path: an_item(**fields),
        "projects/village-wells.en.md": translation(id="village-wells"),
        "programmes/clean-water.en.md": translation(id="clean-water"),
    }
    loaded = load_files(files, settings)
    assert told_by_file(loaded.problems) == ([f"{path}: {told}"] if told else [])
    if told:
        assert [one.suggestion for one in loaded.problems if one.code != "id-missing"] == [suggestion]


def test_a_reference_to_nothing_when_there_is_nothing():
    """The list of known ones is a dash then."""
    loaded = load_files({"news/a.en.md": an_item(id="a-b", projects="x")})
    assert only(loaded, "project-unknown") == {"value": "x", "known": "–"}


def test_a_reference_that_is_to_be_deleted_need_not_lead_anywhere():
    """In a translation it is a repeated fact, and that alone is told."""
    files = {"news/a.en.md": an_item(id="a-b", projects="x"), "news/a.de.md": translation(projects="x")}
    assert found(files) == [
        "news/a.de.md: fact-in-translation 3:11",
        "news/a.en.md: project-unknown 5:11",
    ]


def test_an_empty_reference_is_told_once():
    """As empty, not as unknown."""
    files = {"projects/a.en.md": translation(id="a-b", programme='""')}
    assert found(files) == ["projects/a.en.md: value-empty 4:12"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Éxample", "Ada Example"),
        ("ADA", "Ada"),
        ("Ada-Example", "Ada Example"),
        ("Ада", "Ada"),
        ("🦀", "🐙"),
    ],
)
def test_authors_that_would_share_a_page_are_told(one, other):
    """At the name itself, in the story whose spelling is rarer."""
    files = {
        "news/a.en.md": an_item(id="a-b", authors=f"[{one}, Bo]", date="2026-01-06"),
        "news/b.en.md": an_item(id="b-b", authors=f"[Bo, {other}]"),
        "news/c.en.md": an_item(id="c-b", authors=f"[{one}]"),
    }
    loaded = load_files(files)
    assert told_by_file(loaded.problems) == ["news/b.en.md: author-ambiguous 5:15"]
    assert only(loaded, "author-ambiguous") == {"value": other, "other": one, "path": "news/c.en.md"}


def test_authors_may_be_written_in_any_script():
    """Different names have different pages."""
    assert found({"news/a.en.md": an_item(id="a-b", authors="[艾达, Ада, Ada Example, Bo]")}) == []
