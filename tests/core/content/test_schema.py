"""The front matter as JSON Schema, held by a validator against real files and wrong ones."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from newsfeed.app.context import context_of
from newsfeed.core.content.parse import keys_of
from newsfeed.core.content.schema import make_schema, make_schemas
from tests.site.builds import REPOSITORY

LIMITS = {"title": 200, "summary": 600}
EXAMPLE = REPOSITORY / "newsfeed/editorial/example_site"


class Loader(yaml.SafeLoader):
    """YAML as editors read it: a date is a text."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module", params=[REPOSITORY, EXAMPLE], ids=["demo", "example"])
def site(request):
    """A site's folder and schemas."""
    context, _ = context_of(request.param)
    return request.param, make_schemas(context.vocabulary, LIMITS)


def head_of(path: Path):
    """The front matter, read as an editor reads it."""
    return yaml.load(path.read_text().split("---\n")[1], Loader)


def test_every_file_of_the_sites_we_ship_is_valid(site):
    """In all languages, of all kinds."""
    root, schemas = site
    read = 0
    for kind, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for path in sorted((root / kind).rglob("*.md")):
            assert [one.message for one in validator.iter_errors(head_of(path))] == [], path
            read += 1
    assert read > 20


@pytest.mark.parametrize(
    "line",
    [
        "titel: A",
        "date: 1.3.2026",
        "draft: ja",
        "topics: [nonsense]",
        "countries: [XX]",
        "id: An Id",
        "order: 0",
        "video: www.example.org",
        "enclosures: [{title: no file}]",
        "projects: []",
    ],
)
def test_a_mistake_is_seen_while_one_types(site, line):
    """Each of these is an error of ``newsfeed check``, too."""
    _, schemas = site
    validator = jsonschema.Draft202012Validator(schemas["news"])
    assert list(validator.iter_errors(yaml.load(f"title: A\n{line}\n", Loader)))
    assert not list(validator.iter_errors({"title": "A"}))


def test_every_key_is_there_with_a_word_about_it(site):
    """And no other."""
    _, schemas = site
    for kind, schema in schemas.items():
        assert tuple(schema["properties"]) == tuple(dict.fromkeys(keys_of(kind)))
        assert all(one["description"].endswith(".") for one in schema["properties"].values())


def test_a_site_without_topics_allows_none():
    """As ``newsfeed check`` does."""
    context, _ = context_of(REPOSITORY)
    words = context.vocabulary
    bare = make_schema("news", type(words)((), (), (), words.countries), LIMITS)
    assert not jsonschema.Draft202012Validator(bare).is_valid({"title": "A", "topics": ["water"]})
