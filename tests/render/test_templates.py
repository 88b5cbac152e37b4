"""What is done to a page after its template."""

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.templates import Templates, _tidy
from newsfeed.testing import settings_from

_TEXTS = st.lists(
    st.sampled_from(["\n", "\n\n", " ", "\t", "\r", "<p>", "</p>\n", "a", "<pre>", "<pre class=x>", "</pre>"])
).map("".join)


@given(_TEXTS)
@example("")
@example("<p>\n")
@example("\n<p>\n \n</p>\n<pre>\n\n</pre>\n\n")
def test_runs_of_blank_lines_are_dropped_but_not_those_of_pre(text: str) -> None:
    """What stands around a page too; it ends with a line break."""
    pieces = re.split(r"(<pre\b.*?</pre>)", text, flags=re.DOTALL)
    pieces[::2] = [re.sub(r"\n[ \t\n]*\n", "\n", piece) for piece in pieces[::2]]
    assert _tidy(text) == "".join(pieces).strip() + "\n"


def test_pages_and_text_differ_only_in_blank_lines(tmp_path: Path) -> None:
    """A plain text keeps its own."""
    (tmp_path / "x.html").write_text("\n<p>\n{% if true %}\n\n{% endif %}\n</p>\n\n", encoding="utf-8")
    words = CatalogueTexts(settings_from().languages["en"], Catalogue(), Catalogue(), settings_from())
    made = Templates(tmp_path, tmp_path / "none", {"en": words})
    assert made.render("x.html", "en") == "<p>\n</p>\n"
    assert made.render_text("x.html", "en") == "\n<p>\n\n</p>\n\n"
