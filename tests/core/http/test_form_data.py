"""`newsfeed.core.http.form_data`: which fields a form has, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.http.form_data import parse_form_data, parse_parameters

FIELD = 'Content-Disposition: form-data; name="a"\r\n\r\n1'


def form(*parts: str, boundary: str = "x") -> bytes:
    """A form with some parts."""
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts).encode() + f"--{boundary}--\r\n".encode()


def test_fields_come_in_their_order() -> None:
    """Empty ones, those with several lines, and those of any script; a file is none."""
    body = form(
        FIELD,
        "content-disposition:form-data;name=b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nzwei\r\nZeilen – ü",
        'Content-Disposition: form-data; name="c"; filename="c.txt"\r\n\r\nfile',
        'Content-Disposition: form-data; name="a"\r\n\r\n',
    )
    assert parse_form_data(body, "x", 10) == [("a", "1"), ("b", "zwei\r\nZeilen – ü"), ("a", "")]
    assert parse_form_data(b"preamble\r\n" + body + b"epilogue", "x", 10)[0] == ("a", "1")
    assert parse_form_data(b"--x--", "x", 10) == []


@pytest.mark.parametrize(
    "part",
    [
        "",
        "a=1",
        "\r\n\r\na",
        "\r\na",
        "Content-Type: text/plain\r\n\r\na",
        "Content-Disposition: form-data\r\n\r\na",
        "Content-Disposition: attachment; name=a\r\n\r\na",
        "Content-Disposition: form-data; name*\r\n\r\na",
        "Content-Disposition: form-data; name*=utf-8''a\r\n\r\na",
        'Content-Disposition: form-data; name="a\r\n\r\na',
        "Content-Disposition: form-data; name=a; name=b\r\n\r\na",
        "Content-Disposition: form-data;\r\n name=a\r\n\r\na",
        f"{FIELD.splitlines()[0]}\r\n{FIELD}",
        f"Content-Type: multipart/mixed; boundary=y\r\n{FIELD}",
        f"Content-Transfer-Encoding: base64\r\n{FIELD}",
        f"X: {'x' * 1_024}\r\n{FIELD}",
    ],
)
def test_what_is_no_field_is_refused(part: str) -> None:
    """Neither is it left out: somebody may have meant it."""
    with pytest.raises(ValueError, match=r"."):
        parse_form_data(form(FIELD, part), "x", 10)


@pytest.mark.parametrize("boundary", ["", "x" * 71, "x ", "é", 'x"', "y"])
def test_a_boundary_must_be_one_and_be_there(boundary: str) -> None:
    """RFC 2046 5.1.1."""
    with pytest.raises(ValueError, match=r"boundary|in parts"):
        parse_form_data(form(FIELD), boundary, 10)


def test_parts_are_counted_and_must_have_an_end() -> None:
    """One more than there may be, or one that was cut off."""
    assert len(parse_form_data(form(*[FIELD] * 10), "x", 10)) == 10
    for body in (form(*[FIELD] * 11), form(FIELD).removesuffix(b"--\r\n"), form(FIELD) + b"--x--"):
        with pytest.raises(ValueError, match=r"in parts|no part"):
            parse_form_data(body, "x", 10)


def test_parameters_of_a_header() -> None:
    """In any case, quoted or not, with blanks; names in small letters."""
    found = parse_parameters('Multipart/Form-Data ; Boundary="a;\\"b" ;; charset=utf-8;')
    assert found == ("multipart/form-data", {"boundary": 'a;"b', "charset": "utf-8"})
    assert parse_parameters("") == ("", {})
    for bad in ("a b", "a; b", "a; b=", 'a; b="', "a; b*=1", "a; b=1; B=2", "a; b=1 c"):
        with pytest.raises(ValueError, match="not a parameter"):
            parse_parameters(bad)


@given(st.lists(st.tuples(st.from_regex(r"[a-z.-]{1,9}", fullmatch=True), st.text(max_size=20)), max_size=9))
def test_what_a_browser_sends_comes_back(fields: list[tuple[str, str]]) -> None:
    """Any text, any number of fields."""
    parts = (f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields)
    assert parse_form_data(form(*parts, boundary="----boundary7"), "----boundary7", 10) == fields


@given(st.binary(max_size=200), st.text(max_size=40))
def test_nothing_else_than_a_value_error_comes_of_nonsense(body: bytes, disposition: str) -> None:
    """Whatever is sent."""
    for data in (body, form(f"Content-Disposition: {disposition}\r\n\r\n1")):
        try:
            parse_form_data(data, "x", 10)
        except ValueError:
            continue
