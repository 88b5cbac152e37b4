"""Translations that were begun: the original beside them, and what still waits in them."""

from newsfeed.core.content.frontmatter import parse_front_matter
from newsfeed.core.content.source_text import decode_source
from newsfeed.core.content.translation_draft import draft_translation, find_untranslated, split_blocks

ORIGINAL = """\
---
id: wells
date: 2026-03-01
title: Wells
summary: Two wells
  in one year.
image: well.jpg
image_alt: A well
---
First --> paragraph,
two lines.

Second.

```
code

more
```
"""
DRAFT = """\
---
# en: Wells
title:
# en: Two wells in one year.
summary:
# en: A well
image_alt:
source: abc
---

<!-- en:
First --&gt; paragraph,
two lines.
-->


<!-- en: Second. -->


```
code

more
```
"""


def head_of(text):
    """The front matter of a file."""
    source, _ = decode_source("a.en.md", text.encode())
    head, _ = parse_front_matter(source)
    return head


def test_a_draft_has_the_words_of_the_original_as_remarks_and_no_facts():
    """Facts stand in the original alone."""
    assert draft_translation("en", "abc", head_of(ORIGINAL)) == DRAFT


def test_what_has_nothing_below_it_waits():
    """Counted in lines of the body."""
    body = head_of(DRAFT).body
    assert find_untranslated(body, "de") == [1]  # code stays, so it counts as the second one's translation
    assert find_untranslated(body.replace("-->\n", "-->\nErster Absatz.\n", 1), "de") == []
    assert find_untranslated("<!-- en: One. -->\n\nEins.\n\n<!-- en: Two. -->\n", "de") == [4]


def test_an_authors_own_remark_is_no_task():
    """Nor is one within a line."""
    assert find_untranslated("<!-- de: später mehr -->\n<!-- todo -->\n", "de") == []
    assert find_untranslated("Text <!-- en: inside --> a line\n", "de") == []


def test_lists_code_and_what_is_indented_below_them_stay_whole():
    """Blank lines in them divide nothing."""
    body = "- a\n\n  more of a\n\n- b\n\n1. one\n\nText\nof two lines\n\n\n~~~\n\n```\n~~~\n\n    code\n"
    assert split_blocks(body) == [
        "- a\n\n  more of a\n\n- b\n\n1. one",
        "Text\nof two lines",
        "~~~\n\n```\n~~~",
        "    code",
    ]
