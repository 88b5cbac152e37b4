"""reStructuredText as docutils reads it: its words all arrive, what is doubtful is told, and it is a stranger's."""

import subprocess
import sys
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.editorial.arriving.html_to_markdown import convert_html
from newsfeed.sources.archives.restructured import read_restructured

ONLY_WORDS = "its reStructuredText cannot be read: it stays as it is written"


def markdown(text: str, **more) -> str:
    """The text as it arrives in the site."""
    return convert_html(read_restructured(text, "a.rst", **more).html).markdown


def told(text: str, **more) -> list[str]:
    """What is told about it, in English."""
    return [
        one.sentence.message.format(**dict(one.sentence.params))
        for one in read_restructured(text, "a.rst", **more).doubts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** ``c *d* `e``", "*a* **b** `` c *d* `e ``"),
        ("`w <{filename}../b.rst>`_ `x <|static|/c.png>`__ d_\n\n.. _d: https://x.example/", "[w]({filename}../b.rst) [x](|static|/c.png) [d](https://x.example/)"),
        ("T\n=\n\nA\n-\n\nB\n~\n\nx\n\nC\n-\n\ny", "## A\n\n### B\n\nx\n\n## C\n\ny"),
        (":date: 2010-02-04\n\nx\n\nA\n=\n\ny\n\nB\n=\n\nz", "x\n\n## A\n\ny\n\n## B\n\nz"),
        ("T\n=\n\nSub\n---\n\n:date: 2010-02-04\n\nx", "## Sub\n\nx"),
        (".. image:: {static}/a.png\n   :alt: A well\n   :scale: 50%\n   :loading: lazy", "![A well]({static}/a.png)"),
        (".. figure:: a.png\n   :alt: A well\n   :figwidth: image\n   :target: b.html\n\n   It is *deep*.\n\n   Legend.", "[![A well](a.png)](b.html)\n\nIt is *deep*.\n\nLegend."),
        (".. thumbnail:: /a.png\n   :alt: A well\n\n   Deep.", "![A well](/a.png)\n\nDeep."),
        ("a [1]_ b [#x]_ c [Q]_\n\n.. [1] One.\n.. [#x] Two.\n\n   More.\n.. [Q] Three.", "a [^1] b [^2] c [^3]\n\n[^1]: One.\n\n[^2]: Two.\n\n    More.\n\n[^3]: \\[Q\\]\n\n    Three."),
        (".. [1] Nobody names it.", "\\[1\\]\n\nNobody names it."),
        ("==  ==\nA   B\n==  ==\n1   2\n==  ==", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        (".. list-table:: T\n   :header-rows: 1\n\n   * - A\n     - B\n   * - 1\n     - 2", "T\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"),
        (".. csv-table::\n   :header: A, B\n\n   1, 2", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("- a\n- b\n\n  - c\n\n1. d\n\n   e", "- a\n- b\n  - c\n\n1. d\n\n   e"),
        ("| a\n| b\n|   c", "a\\\nb\\\n\u2003c"),
        ("t\n  d", "**t**\n\nd"),
        (".. code-block:: python\n   :linenos: table\n   :hl_lines: 1\n\n   a < b\n    c", "```python\na < b\n c\n```"),
        (".. code:: c++\n   :number-lines:\n\n   x", "```c++\nx\n```"),
        (".. sourcecode::\n\n   x", "```\nx\n```"),
        ("a::\n\n   *b*", "a:\n\n```\n*b*\n```"),
        (">>> 1\n1", "```pycon\n>>> 1\n1\n```"),
        (".. note:: Dig.", "> **Note**\n>\n> Dig."),
        (".. topic:: T\n\n   x", "**T**\n\nx"),
        ("|b|\n\n.. |b| replace:: *c*", "*c*"),
        (":abbr:`RSS (Really Simple Syndication)` :abbr:`X`", "RSS (Really Simple Syndication) X"),
        (":doc:`words <wells>` :doc:`wells`", "[words](link://slug/wells) [wells](link://slug/wells)"),
        (".. youtube:: a_b-c\n   :width: 4", "[https://www.youtube.com/watch?v=a\\_b-c](https://www.youtube.com/watch?v=a_b-c)"),
        (".. vimeo:: 7", "<https://vimeo.com/7>"),
        (".. media:: https://x.example/a", "<https://x.example/a>"),
        (".. raw:: html\n\n   <b>c</b>", "**c**"),
        ("x\n\n.. TEASER_END\n\ny\n\n.. more\n\n.. a remark", "x\n\ny"),
        (".. contents::\n\nA\n=\n\nx\n\nB\n=\n\ny", "## A\n\nx\n\n## B\n\ny"),
        (".. header:: Above\n\nx\n\n.. footer:: Below", "Above\n\nBelow\n\nx"),
    ],
)  # fmt: skip
def test_it_becomes_markdown_that_means_it(text, expected):
    """All that Pelican and Nikola publish of it, below the title."""
    assert markdown(text) == expected
    assert told(text) == []


def test_a_picture_within_the_text_is_not_what_makes_it_too_large():
    """It is not published, and told when the text becomes Markdown."""
    found = read_restructured(
        f"T\n=\n\n.. image:: data:image/png;base64,{'A' * 60_000}\n   :alt: b\n\nx", "a.rst"
    )
    assert (found.doubts, convert_html(found.html).markdown) == ([], "x")
    assert dict(convert_html(found.html).removed) == {"data": 1}


def test_fields_at_the_top_and_the_title_are_facts():
    """In lower case, also those that docutils has a meaning for, also in the site's language."""
    text = "My *Größe* & more\n####\n\n:Date: 2010-02-04 10:00\n:tags: a, b\n:authors: Ada; Bob\n:summary: Short *one*,\n  and more\n:STATUS: draft\n\nx\n"
    found = read_restructured(text, "a.rst")
    assert found.head == {
        "title": "My Größe & more", "date": "2010-02-04 10:00", "tags": "a, b", "authors": "Ada; Bob",
        "summary": "Short one,\nand more", "status": "draft",
    }  # fmt: skip
    assert found.html == "<p>x</p>\n"
    german = read_restructured(
        "T\n=\n\n:Datum: 2010-02-04\n:Autor: Ada\n\n.. bild:: a.png\n", "a.rst", language="de"
    )
    assert (german.head["date"], german.head["author"]) == ("2010-02-04", "Ada")
    assert '<img alt="" src="a.png" />' in german.html


def test_where_they_are_part_of_the_text_they_stay():
    """Nikola publishes them, unless it is told not to."""
    text = "T\n=\n\n:depth: 7 m\n"
    assert read_restructured(text, "a.rst", has_head=False).head == {}
    assert markdown(text, has_head=False) == "## T\n\n**depth:**\n\n7 m"


def test_of_what_nobody_knows_the_words_stay_and_it_is_told_with_its_line():
    """Directives with arguments, captions and contents; roles; formulas; marks that nobody closes."""
    text = (
        "T\n=\n\n.. gallery:: Wells *2010*\n   :caption: Deep\n   :size: 7\n\n   Some *words*.\n\n:strike:`old` :py:func:`f`\n\n"
        "A *b and c_ and :math:`x^2`.\n\n.. math::\n\n   y^2\n\n.. raw:: latex\n\n   \\x\n\n.. image::\n"
    )
    assert markdown(text) == (
        "Wells *2010*\n\nDeep\n\nSome *words*.\n\nold f\n\nA \\*b and c\\_ and `x^2`.\n\n```latex\ny^2\n```\n\n```\n.. image::\n```"
    )
    assert told(text, lines_before=10) == [
        "only the words are left of directives and roles that nobody knows (line): gallery (14), strike (20), py:func (20)",
        "its markup is not clear; see these lines: 22, 32",
        "what is meant for other formats than HTML is left out (line): latex (28)",
        "formulas stay as they are written; see these lines: 22, 24",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (".. include:: {path}", "{path} (1)"),
        (".. include:: {path}\n   :literal:", "{path} (1)"),
        (".. raw:: html\n   :file: {path}", "raw:: {path} (1)"),
        (".. raw:: html\n   :url: file://{path}", "raw:: file://{path} (1)"),
        (".. csv-table:: T\n   :file: {path}", "{path} (1)"),
        (".. csv-table:: T\n   :url: http://127.0.0.1/x", "http://127.0.0.1/x (1)"),
        (".. |x| raw:: html\n   :file: {path}\n\nx", "raw:: {path} (1)"),
        ("x\n\n- .. include:: {path}", "{path} (3)"),
    ],
)
def test_no_file_and_no_address_that_it_names_is_looked_at(tmp_path, monkeypatch, text, name):
    """It is told, with its line."""
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret, words")
    monkeypatch.setattr(urllib.request, "urlopen", None)
    text = text.format(path=secret)
    assert "s3cret" not in read_restructured(text, "a.rst").html
    assert f"what it takes from other files is left out (line): {name.format(path=secret)}" in told(text)


@pytest.mark.parametrize("directive", ["image", "figure", "bild"])
def test_pictures_are_named_and_never_read(tmp_path, directive):
    """Also where a text asks for a picture to be embedded, or to be measured."""
    (tmp_path / "a.svg").write_text("<svg>s3cret</svg>")
    path = (tmp_path / "a.svg").as_uri()
    text = f".. {directive}:: {path}\n   :loading: embed\n   :scale: 50%\n"
    found = read_restructured(text, "a.rst", language="de").html
    assert f'<img alt="" src="{path}" />' in found
    assert "s3cret" not in found


def test_what_runs_in_its_html_goes_with_all_the_rest():
    """As it goes from a text in HTML, by whichever way it came in."""
    text = (
        ".. raw:: html\n\n   <script>alert(1)</script><b onclick='x()'>a</b>\n\n.. role:: h(raw)\n   :format: html\n\n"
        ":h:`<script>alert(2)</script>` `c <javascript:alert(3)>`_\n\n.. default-role:: raw\n\n`<script>alert(4)</script>`\n"
    )
    converted = convert_html(read_restructured(text, "a.rst").html)
    assert converted.markdown == "**a**\n\nc"
    assert set(converted.removed) == {"script", "onclick", "javascript"}


BOMBS = {
    "lists in lists": "\n\n".join(" " * (n * 2) + "- deep" for n in range(450)),
    "10,000 lists in a line": "- " * 9_999 + "deep",
    "quotes in quotes": "\n\n".join(" " * n + "deep" for n in range(700)),
    "remarks in remarks": "\n\n".join("   " * n + ".. note::" for n in range(300)) + "\n\n" + "   " * 300 + "deep",
    "substitutions in substitutions": "\n".join(f".. |a{n}| replace:: " + f"|a{n + 1}|\\ " * 10 for n in range(30))
    + "\n.. |a30| image:: deep.png\n\n|a0|",
    "a long word many times": ".. |b| replace:: " + "w " * 4_000 + "\n\n" + "|b| " * 2_000 + "deep",
    "a ring": ".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n|a| deep",
    "a ring with itself": ".. |a| replace:: x |a|\n\n|a| deep",
    "marks that nobody closes": ("*a `b |c d_ " * 300 + "\n") * 12 + "deep",
    "a line without end": "a" * 30_000 + " deep",
    "a text without end": "deep\n\n" * 90_000,
    "a table of corners": ("+" * 90 + "\n") * 90 + "deep",
    "directives by the thousand": "\n\n".join(f".. d{n}:: deep" for n in range(1_500)),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_what_would_never_end_stays_as_it_is_written(bomb):
    """Its words, its title and its fields arrive; nothing grows."""
    text = f"Title\n=====\n\n:date: 2010-02-04\n\n{bomb}\n"
    found = read_restructured(text, "a.rst")
    assert [one.sentence.message for one in found.doubts] == [ONLY_WORDS]
    assert (found.head["title"], found.head["date"]) == ("Title", "2010-02-04")
    assert "deep" in found.html
    assert len(found.html) < 3 * len(text)


def test_no_text_changes_how_the_next_one_is_read():
    """Roles that a text makes are its own."""
    read_restructured(
        ".. role:: emphasis(raw)\n   :format: html\n.. role:: own\n.. default-role:: strong\n", "a.rst"
    )
    assert markdown(":emphasis:`a` :own:`b` `c`") == "*a* b c"
    assert told(":own:`b`") == [
        "only the words are left of directives and roles that nobody knows (line): own (1)"
    ]


@given(st.text(alphabet=" \n\n.:-=_*`|<>[]()#+\\'\"1aé\t\0", max_size=80))
def test_any_text_is_read(text):
    """Whatever stands in it."""
    assert ONLY_WORDS not in told(text)
    assert ONLY_WORDS not in told(f".. note::\n\n   {text}", has_head=False)


def test_nobody_loads_it_who_does_not_need_it():
    """Neither with the command, nor with an archive of Markdown."""
    code = (
        "import sys, newsfeed.cli, newsfeed.cli.commands.move_in, newsfeed.sources.archives.pelican, newsfeed.sources.archives.nikola\n"
        "sys.exit('docutils' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
