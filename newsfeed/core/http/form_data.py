"""Take a form apart that was sent as multipart/form-data (RFC 7578): fields, and nothing within them.

A mail parser would follow parts within parts, at a cost that whoever sends a form chooses. Here every byte is
looked at a fixed number of times.
"""

from __future__ import annotations

import re

FORM_DATA = "multipart/form-data"
HEADER_BYTES = 1_024
"""Of the headers of one part, at most."""
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""RFC 2046 5.1.1."""
_TOKEN = r"[0-9A-Za-z!#$%&'+.^_`|~-]++"  # noqa: S105 - RFC 9110 5.6.2, but no asterisk: RFC 7578 forbids name*
_VALUE = re.compile(r"[ \t]*+([^;\s]*+)[ \t]*+")
_PARAMETER = re.compile(rf';[ \t]*+(?:({_TOKEN})=(?:"((?:[^"\\]|\\.)*+)"|([^\s";]++)))?+[ \t]*+')
_ENCODINGS = ("", "7bit", "8bit", "binary")
_END = b"\r\n"


def parse_parameters(header: str) -> tuple[str, dict[str, str]]:
    """Split the value of a header such as ``Content-Type``: the value in lower case, and its parameters.

    Raises `ValueError` for what is none, or says something twice.
    """
    value = _VALUE.match(header)
    place, found = value.end() if value else 0, dict[str, str]()
    while place < len(header):
        parameter = _PARAMETER.match(header, place)
        if parameter is None or (parameter[1] or "").lower() in found:
            raise ValueError("not a parameter")
        place = parameter.end()
        if parameter[1]:
            quoted = parameter[2]
            found[parameter[1].lower()] = parameter[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return (value[1].lower() if value else ""), found


def parse_form_data(body: bytes, boundary: str, most: int) -> list[tuple[str, str]]:
    """Return the fields of a form, in order; a file among them has no name here, and is left out.

    most: parts that there may be. Raises `ValueError` for what is no form, or has more.
    """
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("no boundary")
    _, *parts = (_END + body).split(b"\r\n--" + boundary.encode("ascii"), most + 2)
    if not parts or len(parts) > most + 1 or not parts.pop().startswith(b"--"):
        raise ValueError("not in parts, or cut off")
    return [field for part in parts if (field := _parse_part(part)) is not None]


def _parse_part(part: bytes) -> tuple[str, str] | None:
    head, empty_line, content = part.partition(_END * 2)
    padding, line_end, head = head.partition(_END)
    if not empty_line or not line_end or padding.strip(b" \t") or len(head) > HEADER_BYTES:
        raise ValueError("no part")
    headers = _parse_headers(head.decode("utf-8"))
    kind, parameters = parse_parameters(headers.get("content-disposition", ""))
    if kind != "form-data" or "name" not in parameters:
        raise ValueError("no field")
    if headers.get("content-type", "").lower().startswith("multipart/"):
        raise ValueError("parts within a part")
    if headers.get("content-transfer-encoding", "").lower() not in _ENCODINGS:
        raise ValueError("encoded, which RFC 7578 4.7 forbids")
    return None if "filename" in parameters else (parameters["name"], content.decode("utf-8"))


def _parse_headers(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or name.lower() in found:
            raise ValueError("no header, or one that is folded or repeated")
        found[name.lower()] = value.strip()
    return found
