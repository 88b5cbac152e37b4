"""What the grammars of `tests/schemas` and of JSON Feed 1.1 say about a document."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from .need import need_command, need_module, need_npm
from .process import attempt

SCHEMAS = Path(__file__).parent.parent / "schemas"


def rss_grammar_errors(data: bytes) -> list[str]:
    """Where an RSS feed leaves the project's profile of RSS 2.0."""
    return _relax_ng_errors("rss-profile.rng", data)


def atom_grammar_errors(data: bytes) -> list[str]:
    """Where an Atom feed leaves the project's profile of RFC 4287."""
    return _relax_ng_errors("atom-profile.rng", data)


def jsonfeed_errors(path: Path) -> list[str]:
    """Where a JSON feed breaks the published schema of 1.1, formats included."""
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        return [f"{path.name}: not JSON: {error}"]
    return [
        f"{path.name}: {error.json_path}: {error.message[:200]}"
        for error in _jsonfeed_validator().iter_errors(document)
    ]


def sitemap_errors(path: Path) -> list[str]:
    """What xmllint finds wrong in a sitemap or a sitemap index, without the network."""
    schema = SCHEMAS / "sitemap-all.xsd"
    xmllint = need_command("xmllint")
    done = attempt([xmllint, "--noout", "--nonet", "--schema", schema, path])
    return done.stderr.splitlines() if done.returncode else []


def _relax_ng_errors(schema: str, data: bytes) -> list[str]:
    etree = need_module("lxml.etree")
    try:
        document = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    grammar = _relax_ng(schema)
    if grammar.validate(document):
        return []
    return [f"line {fault.line}: {fault.message}" for fault in grammar.error_log]


@cache
def _relax_ng(schema: str) -> Any:
    etree = need_module("lxml.etree")
    return etree.RelaxNG(etree.parse(SCHEMAS / schema))


@cache
def _jsonfeed_validator() -> Any:
    jsonschema = need_module("jsonschema")
    schema = json.loads(need_npm("jsonfeed-schema", "schema-v1.1.json").read_bytes())
    need_module("rfc3339_validator")  # without these two, jsonschema lets any
    need_module("rfc3986_validator")  # date and any address pass
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(schema, format_checker=checker)
