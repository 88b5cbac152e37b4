"""The configuration of the form, held against the schema of the program that reads it."""

import json

import jsonschema
import pytest

from newsfeed.core.editor.backends import FormBackend
from newsfeed.core.editor.form_config import FormSite, make_form_config
from newsfeed.service_settings import DECAP, SVELTIA
from tests.core.editor.forms import SITE, words
from tests.peers.need import need_npm

BACKENDS = {
    "folder": FormBackend(name="local/site"),
    "github": FormBackend(forge="github", name="team/site"),
    "github with a service": FormBackend(forge="github", name="team/site", sign_in="https://in.example.org"),
    "github of one's own": FormBackend(forge="github", web="https://git.example.org", name="team/site"),
    "gitlab": FormBackend(forge="gitlab", web="https://gitlab.com", name="team/sub/site"),
    "gitlab with an application": FormBackend(
        forge="gitlab", web="https://gitlab.com", name="team/site", app_id="abc"
    ),
    "forgejo": FormBackend(forge="forgejo", web="https://codeberg.org", name="team/site"),
    "forgejo with an application": FormBackend(
        forge="forgejo", web="https://codeberg.org", name="team/site", app_id="abc"
    ),
}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """The program's own schema."""
    schema = json.loads(need_npm("@sveltia/cms", "schema/sveltia-cms.json").read_bytes())
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_sveltia_takes_it_as_its_own_schema_says(
    validator: jsonschema.Draft7Validator, backend: FormBackend
) -> None:
    """Whatever it saves to."""
    config = make_form_config(SITE, words(), backend, SVELTIA)
    assert [error.message for error in validator.iter_errors(config)] == []


def test_the_schema_would_tell_of_a_mistake(validator: jsonschema.Draft7Validator) -> None:
    """So that its silence means something."""
    config = make_form_config(SITE, words(), BACKENDS["folder"], SVELTIA)
    config["collections"][0]["fields"][1]["widgte"] = "string"
    assert not validator.is_valid(config)


def test_stories_are_listed_by_the_language_of_their_original() -> None:
    """The original is the file with a date."""
    config = make_form_config(SITE, words(), BACKENDS["folder"], SVELTIA)
    stories = [one for one in config["collections"] if one["folder"] == "news"]
    assert [one["name"] for one in stories] == ["news_en", "news_de", "news_fr"]
    assert [one["label"] for one in stories] == ["News – English", "News – German", "News – French"]
    assert stories[1]["i18n"] == {
        "structure": "multiple_files",
        "locales": ["de", "en", "fr"],
        "default_locale": "de",
        "initial_locales": ["de"],
    }
    assert all(one["filter"] == {"field": "date", "pattern": r"^\d{4}-"} for one in stories)


def test_a_site_in_one_language_has_one_list_of_stories() -> None:
    """Its language need not be said."""
    site = FormSite(title="One", base_url=SITE.base_url, languages=("en",), default_language="en")
    config = make_form_config(site, words(), BACKENDS["folder"], SVELTIA)
    assert config["collections"][0]["label"] == "News"


def test_a_site_in_a_folder_of_its_repository_is_found_there() -> None:
    """Forges know paths from the top."""
    site = FormSite(
        title="One", base_url=SITE.base_url, languages=("en",), default_language="en", prefix="web/site/"
    )
    config = make_form_config(site, words(), BACKENDS["folder"], SVELTIA)
    folders = [one["folder"] for one in config["collections"]]
    assert folders == ["web/site/news", "web/site/projects", "web/site/programmes", "web/site/pages"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [("github", "editorial_workflow"), ("gitlab", "editorial_workflow"), ("forgejo", "simple")],
)
def test_a_change_is_a_request_first_where_the_form_can_make_one(name: str, mode: str) -> None:
    """It cannot with Forgejo."""
    assert make_form_config(SITE, words(), BACKENDS[name], SVELTIA)["publish_mode"] == mode


def test_decap_is_asked_nothing_that_it_does_not_know() -> None:
    """Stories in folders of their own need the nested collections of Sveltia."""
    config = make_form_config(SITE, words(), BACKENDS["github"], DECAP)
    stories = config["collections"][0]
    assert (stories["path"], "nested" in stories, "duplicate" in stories) == (
        "{{year}}/{{slug}}",
        False,
        False,
    )
    assert {"app_title", "output"}.isdisjoint(config)
    date = next(one for one in stories["fields"] if one["name"] == "date")
    assert "input_timezone" not in date
    assert (date["date_format"], date["time_format"]) == ("YYYY-MM-DD", "HH:mm")
