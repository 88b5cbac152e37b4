"""A site's own templates: replaced, extended, broken."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsfeed.app import site as app
from newsfeed.app.previews import send_digest
from newsfeed.errors import ProblemsFound
from newsfeed.problems import Problem, Severity
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.site.builds import NETWORK_NOW, tree

NOW = NETWORK_NOW.replace(year=2030)
MONDAY = datetime(2026, 1, 12, 12, tzinfo=UTC)
STORY_PAGE = "en/news/2026/wells/index.html"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site of one story with the shipped templates."""
    files = {"config.toml": CONFIG, "news/2026/wells.en.md": an_item("Deep.\n", id="wells", title="Wells")}
    return write_tree(tmp_path / "site", files)


def build(root: Path) -> dict[str, bytes]:
    """The published files of a site."""
    output = root.parent / "out"
    app.build(app.read(root, NOW), output, NOW)
    return tree(output)


def errors(root: Path) -> list[Problem]:
    """What keeps a site from being published."""
    return [found for found in app.read(root, NOW).problems if found.severity is Severity.ERROR]


def test_a_template_of_the_site_replaces_the_shipped_one(root: Path) -> None:
    """Only the pages made from it change."""
    before = build(root)
    write_tree(root, {"templates/page/story.html": "<p>{{ view.card.title }}: {{ body|safe_html }}</p>"})
    after = build(root)
    assert after[STORY_PAGE] == b"<p>Wells: <p>Deep.</p>\n</p>\n"
    stories = {f"{lang}/news/2026/wells/index.html" for lang in ("en", "de", "fr", "nl")}
    assert {path for path in before if before[path] != after[path]} == stories


def test_a_template_can_extend_the_one_it_replaces(root: Path) -> None:
    """Under the name newsfeed/page/story.html the shipped one stays in reach."""
    before = build(root)[STORY_PAGE].decode()
    template = (
        '{% extends "newsfeed/page/story.html" %}\n{% block main %}<p>Ours.</p>{{ super() }}{% endblock %}'
    )
    write_tree(root, {"templates/page/story.html": template})
    after = build(root)[STORY_PAGE].decode()
    assert after.replace("<p>Ours.</p>", "\n") == before.replace('id="content">\n', 'id="content">\n\n')


def test_a_new_base_reaches_every_page(root: Path) -> None:
    """Shipped pages stand on the site's base, and that base can stand on the shipped one."""
    block = '{% block robots %}{{ super() }}<meta name="generator" content="by hand">{% endblock %}'
    write_tree(root, {"templates/page/base.html": f'{{% extends "newsfeed/page/base.html" %}}{block}'})
    pages = {path: html for path, html in build(root).items() if path.endswith(".html")}
    without = {path for path, html in pages.items() if b"by hand" not in html}
    assert without == {path for path in pages if path.endswith("404.html")}


def test_the_style_sheet_can_be_replaced(root: Path) -> None:
    """A site's style.css is published as it is."""
    write_tree(root, {"templates/style.css": "body { color: {{ not a template }} }\n"})
    assert build(root)["style.css"] == b"body { color: {{ not a template }} }\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("<p>\n{% if view %}\n</p>", 2, "endif"),
        ("one\ntwo\n{{ view. }}\n", 3, "expected"),
        ("{% nonsense %}", 1, "nonsense"),
        ("\n{{ view|no_such_filter }}", 2, "no_such_filter"),
    ],
)
def test_a_template_that_does_not_parse_is_named_with_its_line(
    root: Path, text: str, line: int, says: str
) -> None:
    """The check finds it, whatever page it is for; nothing has to be rendered."""
    write_tree(root, {"templates/page/story.html": text})
    (found,) = errors(root)
    assert (found.code, found.where.path) == ("template-syntax", "templates/page/story.html")
    assert says in dict(found.params)["reason"]
    assert abs(found.where.line - line) <= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ view.no_such_value }}", "no_such_value"),
        ("\n\n{{ nobody.home }}", "nobody"),
        ('{% extends "page/nowhere.html" %}', "nowhere"),
        ("{{ 1 / 0 }}", "division"),
        ("{{ view.card.published|long_date(3) }}", "argument"),
    ],
)
def test_a_template_that_fails_publishes_nothing(root: Path, text: str, says: str) -> None:
    """The published site stays as it was, and the template is named."""
    before = build(root)
    write_tree(root, {"templates/page/story.html": text})
    site = app.read(root, NOW)
    with pytest.raises(ProblemsFound) as raised:
        app.build(site, root.parent / "out", NOW)
    (found,) = raised.value.problems
    assert found.code == "template-failed"
    assert says in dict(found.params)["reason"]
    assert tree(root.parent / "out") == before


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"story.html": "\n\n{{ view.gone }}"}, ("templates/page/story.html", 3)),
        ({"story.html": "\n{% include 'page/nowhere.html' %}"}, ("templates/page/story.html", 2)),
        (
            {"story.html": "\n{% include 'page/_ours.html' %}", "_ours.html": "1\n2\n3\n{{ 1 / 0 }}"},
            ("templates/page/_ours.html", 4),
        ),
        ({"_fallback.html": "{# without its macros #}"}, ("templates/page/_card.html", 0)),
    ],
    ids=["itself", "no such template", "a part of it", "a shipped template that misses something"],
)
def test_a_failing_template_is_named_with_its_line(
    root: Path, files: dict[str, str], place: tuple[str, int]
) -> None:
    """The innermost template is meant, also when another one includes it."""
    write_tree(root, {f"templates/page/{name}": text for name, text in files.items()})
    with pytest.raises(ProblemsFound) as raised:
        build(root)
    (found,) = raised.value.problems
    assert found.where.path == place[0]
    assert found.where.line == place[1] or not place[1]


def test_a_failing_mail_template_is_named_too(root: Path) -> None:
    """A digest whose template fails is not sent, and says where."""
    write_tree(
        root,
        {
            "staff.csv": "email,name,language\na@example.org,A,en\n",
            "templates/mail/digest.txt": "Hello\n{{ view.gone }}",
        },
    )
    with pytest.raises(ProblemsFound) as raised:
        send_digest(app.read(root, NOW), "staff", MONDAY, root / "outbox", {}, dry_run=False)
    (found,) = raised.value.problems
    assert (found.where.path, found.where.line) == ("templates/mail/digest.txt", 2)
    assert not (root / "outbox").exists()


def test_the_titles_of_a_template_are_escaped(root: Path) -> None:
    """Values are escaped unless a template says otherwise, in a site's own templates as well."""
    write_tree(
        root,
        {
            "news/2026/wells.en.md": an_item(id="wells", title="'<b>Wells</b> & \"co\"'"),
            "templates/page/story.html": "{{ view.card.title }}",
        },
    )
    assert build(root)[STORY_PAGE] == b"&lt;b&gt;Wells&lt;/b&gt; &amp; &#34;co&#34;\n"


def test_files_beside_templates_are_not_read_as_templates(root: Path) -> None:
    """Notes, backups and pictures in the folder disturb nobody."""
    write_tree(
        root,
        {"templates/notes.md": "{% if", "templates/page/story.html~": "{% if", "templates/x.png": b"\xff"},
    )
    assert errors(root) == []


def test_a_template_that_no_memory_holds_is_told_and_not_read(root: Path) -> None:
    """At a check and at a build, which loads templates before anything is checked."""
    (root / "templates/page").mkdir(parents=True)
    with (root / "templates/page/base.html").open("wb") as file:
        file.truncate(20_000_000_000)
    (one,) = errors(root)
    assert (one.code, one.where.path) == ("unreadable", "templates/page/base.html")
    app.read(root, NOW).context.templates.load_pages()
