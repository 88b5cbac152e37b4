"""What is done to a page after its template."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from newsfeed.i18n.texts import Catalogue, CatalogueTexts
from newsfeed.render.templates import Templates, _iso, _tidy
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


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)), st.integers(-14, 14))  # noqa: DTZ001
def test_a_moment_is_written_in_utc_to_the_second(moment: datetime, hours: int) -> None:
    """As in RFC 3339."""
    there = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert _iso(there) == there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_early_year_has_four_digits() -> None:
    """Other clocks would not read it."""
    assert _iso(datetime(987, 6, 5, tzinfo=UTC)) == "0987-06-05T00:00:00Z"


def test_pages_and_text_differ_only_in_blank_lines(tmp_path: Path) -> None:
    """A plain text keeps its own."""
    (tmp_path / "x.html").write_text("\n<p>\n{% if true %}\n\n{% endif %}\n</p>\n\n", encoding="utf-8")
    words = CatalogueTexts(settings_from().languages["en"], Catalogue(), Catalogue(), settings_from())
    made = Templates(tmp_path, tmp_path / "none", {"en": words})
    assert made.render("x.html", "en") == "<p>\n</p>\n"
    assert made.render_text("x.html", "en") == "\n<p>\n\n</p>\n\n"
