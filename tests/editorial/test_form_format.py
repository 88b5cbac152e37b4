"""The script by which the form reads and writes files, run by node: what nobody changed stays byte by byte."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from newsfeed.core.content.head_edits import read_head
from newsfeed.core.editor.form_fields import Choices, describe_keys
from tests.peers.need import need_command, need_npm
from tests.site.builds import REPOSITORY

pytestmark = pytest.mark.slow
EXAMPLE = REPOSITORY / "newsfeed/editorial/example_site"
TEXTS = [
    path
    for root in (REPOSITORY, EXAMPLE)
    for folder in ("news", "projects", "programmes", "pages")
    for path in sorted((root / folder).rglob("*.md"))
]
RUN = """
import { createInterface } from "readline";
import { makeFormat } from "./format.js";
for await (const line of createInterface({ input: process.stdin })) {
  const { keys, steps } = JSON.parse(line);
  const format = makeFormat(keys);
  const write = ({ text, changes }) => {
    try {
      const read = text === undefined ? {} : format.fromFile(text.trim().replace(/\\r\\n?/g, "\\n"));
      return format.toFile({ ...read, ...changes });
    } catch (error) { return `! ${error.message}`; }
  };
  console.log(JSON.stringify(steps.map(write)));
}
"""
HEAD = "---\nid: sun\ndate: 2026-01-12\ntitle: 'It: shines'\n---\n\n"
CHOICES = Choices(languages={}, authors=("Ada Example", "The newsroom"))
UUID = "3b241101-e2bb-4255-8caf-4136c566a962"


class Format:
    """The script, with what the form says of keys."""

    def __init__(self, node: subprocess.Popen[str], keys: dict[str, Any]) -> None:
        self._node = node
        self.keys = keys

    def run(self, steps: Sequence[dict[str, Any]]) -> list[str]:
        """Read and write files, one after the other, by one program."""
        self._node.stdin.write(json.dumps({"keys": self.keys, "steps": steps}) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def change(self, text: str | None, **changes: Any) -> str:
        """Read a file, change some fields, and return what is written."""
        step = {"changes": changes} if text is None else {"text": text, "changes": changes}
        return self.run([step])[0]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Format]:
    """The script in a folder, as node needs it; node starts once, which takes longer than all it is asked."""
    folder = tmp_path_factory.mktemp("format")
    for name in ("format.js", "bodies.js"):
        shutil.copy(REPOSITORY / "templates/editor" / name, folder)
    (folder / "cms").mkdir()
    shutil.copy(need_npm("js-yaml", "dist/browser/js-yaml.esm.min.mjs"), folder / "cms/js-yaml.js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.mjs").write_text(RUN)
    command, pipe = [need_command("node"), "run.mjs"], subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdin=pipe, stdout=pipe, encoding="utf-8") as node:
        yield Format(node, describe_keys(CHOICES, "Europe/Berlin"))
        node.stdin.close()
    assert node.returncode == 0


def test_texts_that_nobody_changed_are_as_they_were(script: Format) -> None:
    """All of the demo site and of the example."""
    before = [path.read_text(encoding="utf-8") for path in TEXTS]
    assert len(before) > 90
    assert script.run([{"text": text} for text in before]) == before


def test_a_change_touches_its_own_line_only(script: Format) -> None:
    """Quotes, lists and order of the others stay."""
    before = [path.read_text(encoding="utf-8") for path in TEXTS]
    after = script.run([{"text": text, "changes": {"title": "Another: title"}} for text in before])
    for old, new in zip(before, after, strict=True):
        changed = [line for line in new.split("\n") if line not in old.split("\n")]
        assert changed == ['title: "Another: title"']


@pytest.mark.parametrize(
    "head",
    [
        "title:   Much room",
        "# a remark\ntitle: x # another",
        'title: "x"\nsummary: >-\n  folded\n  lines',
        "title: x\nauthors:\n  - Ada Example\n  - name: Bo\n    role: Photos\ntopics: water",
        "title: x\ndate: 2026-01-12T10:00:00Z\ndraft: on\ncountries: [kz, no]",
        "title: x\nconstructor: [a]\n__proto__: {b: c}",
        "title: x\nsource: title=442c3d c6b19e\nguid: https://old.example.org/?p=1\nunknown: y",
    ],
)
def test_each_way_to_write_a_head_stays(script: Format, head: str) -> None:
    """Also when the text below it is another."""
    text = f"---\n{head}\n---\nThe text.\n"
    assert script.change(text) == text
    assert script.change(text, body="Another text.") == f"---\n{head}\n---\n\nAnother text.\n"


def test_a_new_story_is_written_as_newsfeed_writes_one(script: Format) -> None:
    """And it is read as it was meant."""
    written = script.change(
        None,
        id=UUID,
        title="Wasser für: Żółw",
        date="2026-03-02 08:00",
        draft=True,
        authors=["Ada Example"],
        other_authors=[{"name": "Bo", "role": "Photos"}, {"name": ""}],
        topics=["water", "sun-light"],
        countries=["NO", "KZ"],
        enclosures=[{"file": "plan b.pdf", "title": "The plan"}],
        order=1,
        image="",
        summary="Two\nlines",
        body="  Text  ",
    )
    assert written == (
        "---\nid: wasser-fur-zolw\ndate: 2026-03-02\ndraft: yes\norder: 1\n"
        "authors: [Ada Example, {name: Bo, role: Photos}]\n"
        'topics: [water, sun-light]\ncountries: ["NO", KZ]\n'
        'enclosures: [{file: plan b.pdf, title: The plan}]\ntitle: "Wasser für: Żółw"\nsummary: Two lines\n---\n\nText\n'
    )
    head = read_head(written.encode())
    assert head is not None
    assert head.fields["title"].value.text == "Wasser für: Żółw"  # type: ignore[union-attr]


def test_two_new_stories_of_one_title_have_two_ids_and_keep_them(script: Format) -> None:
    """Also when they are saved again under another title."""
    other = "4b241101-e2bb-4255-8caf-4136c566a962"
    first, second, again = script.run(
        [
            {"changes": {"id": UUID, "title": "Sun", "body": "x"}},
            {"changes": {"id": other, "title": "Sun", "body": "x"}},
            {"changes": {"id": UUID, "title": "Sun and moon", "body": "x"}},
        ]
    )
    assert [text.split("\n")[1] for text in (first, second, again)] == ["id: sun", "id: sun-2", "id: sun"]


def test_an_id_that_a_text_of_the_site_has_is_not_given_again(script: Format) -> None:
    """As `newsfeed new` does it."""
    written = script.run([{"text": f"{HEAD}x\n"}, {"changes": {"id": UUID, "title": "Sun", "body": "x"}}])
    assert written[1].startswith("---\nid: sun-2\n")


def test_a_text_whose_id_is_its_files_name_gets_no_other(script: Format) -> None:
    """Readers know it by that one."""
    text = "---\ntitle: x\n---\n\ny\n"
    assert script.change(text, id=UUID) == text
    assert script.change(text, id=UUID, title="z") == text.replace("title: x", "title: z")


def test_what_is_emptied_goes_and_what_is_new_has_its_place(script: Format) -> None:
    """As `newsfeed format` has it."""
    text = "---\nid: sun\ndate: 2026-01-12\nsummary: s\ntitle: t\n---\n\nx\n"
    assert script.change(text, summary="", topics=["water"], draft=True) == (
        "---\nid: sun\ndate: 2026-01-12\ndraft: yes\ntopics: [water]\ntitle: t\n---\n\nx\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("*so* and __so__", "_so_ and **so**"),
        ("* one\n* two\n   1. deep", "- one\n- two\n    1. deep"),
        ("|a|b|\n|:--|--:|\n|1|`x`|", "| a | b |\n| --- | --- |\n\n| 1 | `x` |"),
        ("Sub\n---\ntext", "Sub\n\n***\n\ntext"),
        ("5 * 3, a \\* star, 1\\. no", "5 \\* 3, a \\* star, 1. no"),
        ("## Head ##", "## Head"),
    ],
)
def test_what_a_rich_text_editor_writes_anew_is_no_change(script: Format, before: str, after: str) -> None:
    """Also beside a line that somebody changed."""
    assert script.change(f"{HEAD}{before}\n", body=after) == f"{HEAD}{before}\n"
    more = script.change(f"{HEAD}{before}\n\nend\n", body=f"{after}\n\nanother end")
    assert more == f"{HEAD}{before}\n\nanother end\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one two", "one **two**"),
        ("one\ntwo", "one\n\ntwo"),
        ("- one\n- two", "- one\n    - two"),
        ("# Head", "## Head"),
        ("[a](b)", "[a](c)"),
        ("one\ntwo", "one  \ntwo"),
        ("|a|b|\n|---|---|\n|1|2|", "|a|b|\n|:--|--:|\n|1|2|"),
        ("```\nx = 1\n```", "```\n x = 1\n```"),
        ("```\n*x*\n```", "```\n_x_\n```"),
        ("snake_case", "snake*case"),
    ],
)
def test_what_somebody_changed_is_written(script: Format, before: str, after: str) -> None:
    """Be it a blank line or a level."""
    assert script.change(f"{HEAD}{before}\n", body=after) == f"{HEAD}{after}\n"


def test_what_the_form_cannot_show_stays(script: Format) -> None:
    """A flag in the place of a day, and what says no."""
    text = "---\nid: x\ndate: 2026-01-12\nwithdrawn: yes\ndraft: no\ntitle: t\n---\n\ny\n"
    assert script.change(text, title="z") == text.replace("title: t", "title: z")
    dated = script.change(text, withdrawn="2026-02-03 08:00")
    assert dated == text.replace("withdrawn: yes", "withdrawn: 2026-02-03")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-01-12", "2026-01-12 08:00"),
        ("2026-01-12 16:30", "2026-01-12 16:30"),
        ("2026-01-12T16:30:15", "2026-01-12 16:30"),
        ("2026-01-12T16:30:00.000Z", "2026-01-12 17:30"),
        ("2026-07-12 16:30+0530", "2026-07-12 13:00"),
    ],
)
def test_a_moment_is_shown_in_the_zone_of_the_site(script: Format, written: str, shown: str) -> None:
    """And stays as it was written when nobody changes it."""
    text = f"---\nid: x\ndate: {written}\ntitle: t\n---\n\ny\n"
    assert script.change(text, date=shown, title="z") == text.replace("title: t", "title: z")
    other = shown.replace("-12 ", "-13 ")
    said = other.removesuffix(" 08:00")
    assert script.change(text, date=other) == text.replace(written, said)


def test_a_moment_that_is_none_stays_until_somebody_writes_another(script: Format) -> None:
    """The form still opens; the check tells it."""
    text = "---\nid: x\ndate: 2026-13-45T16:30+01:00\ntitle: t\n---\n\ny\n"
    assert script.change(text, title="z") == text.replace("title: t", "title: z")
    assert "date: 2026-01-12\n" in script.change(text, date="2026-01-12 08:00")


def test_a_head_in_toml_is_left_to_those_who_wrote_it(script: Format) -> None:
    """The form does not list such a text."""
    assert script.change('+++\ntitle = "x"\n+++\ny\n').startswith("! ")
