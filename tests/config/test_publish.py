"""The settings of publishing: where from, who is told."""

import pytest

from newsfeed.config.loader import parse_settings
from newsfeed.config.publish import is_repository
from newsfeed.service_settings import PublishSettings
from newsfeed.settings import Settings

SITE = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de"]
authority = "test.example,2020"
"""


def read(more: str) -> tuple[Settings | None, list[tuple[str, int]]]:
    """Settings, and the code and line below the site's of each problem."""
    settings, problems = parse_settings(SITE + more)
    return settings, [(one.code, one.where.line - SITE.count("\n")) for one in problems]


def test_without_the_table_nothing_is_published() -> None:
    """With an empty one the site's own folder is."""
    assert read("")[0].publish == PublishSettings()
    assert read("[publish]\n")[0].publish == PublishSettings(enabled=True)


def test_all_keys_are_read() -> None:
    """Times with their unit."""
    more = '[publish]\nrepository = "ssh://git@example.org/site.git"\nbranch = "live"\nhooks = ["gitlab"]\npoll = "30s"\n'
    more += 'folder = "/web/site/"\n'
    found = read(f'{more}status = "forgejo"\ntoken_file = "t"\nhook_secret_file = "h"\n')[0].publish
    assert (found.repository, found.branch, found.hooks) == (
        "ssh://git@example.org/site.git",
        "live",
        ("gitlab",),
    )
    assert found.folder == "web/site"
    assert (found.poll, found.status, found.token_file, found.hook_secret_file) == (30, "forgejo", "t", "h")


@pytest.mark.parametrize(("text", "seconds"), [("0s", 0), ("10s", 10), ("5m", 300), ("24h", 86_400)])
def test_times_have_a_unit(text: str, seconds: int) -> None:
    """Nought is never."""
    assert read(f'[publish]\npoll = "{text}"\n')[0].publish.poll == seconds


@pytest.mark.parametrize("folder", ["../site", "a//b", ".git", "a/../..", "./a"])
def test_a_folder_lies_in_the_repository(folder: str) -> None:
    """Nothing leads out of it, and without a repository there is none."""
    line = f'[publish]\nrepository = "x"\nfolder = "{folder}"\n'
    assert read(line)[1] == [("config-value", 3)]
    assert read('[publish]\nfolder = "site"\n')[1] == [("config-value", 2)]


@pytest.mark.parametrize(
    "line",
    ['poll = "5"', 'poll = "5s"', 'poll = "25h"', 'branch = "-x"', 'branch = "a..b"', 'branch = "a b"', 'branch = "a/"',
     'repository = "https://me:secret@example.org/x"', 'repository = "ext::sh -c x"', 'repository = "--upload-pack=x"',
     'repository = "http://example.org/x"', 'repository = "ssh://-oProxyCommand=x/y"', 'repository = "https://[x/"'],
)  # fmt: skip
def test_what_git_must_not_be_given_is_refused(line: str) -> None:
    """With its line; a password belongs elsewhere."""
    assert read(f"[publish]\n{line}\n")[1] == [("config-value", 2)]


@pytest.mark.parametrize(
    "repository",
    [
        "/srv/site.git",
        "../site.git",
        "git@example.org:a/site.git",
        "https://example.org/a.git",
        "http://localhost:3000/a",
    ],
)
def test_usual_addresses_pass(repository: str) -> None:
    """Paths, and what forges show."""
    assert is_repository(repository)


def test_editors_have_languages() -> None:
    """A plain list is of those who read the default one."""
    assert read('[editors]\naddresses = ["desk@example.org"]\n')[0].editors.addresses == {
        "en": ("desk@example.org",)
    }
    found = read('[editors]\naddresses = { de = ["a@example.org"], en = ["b@example.org"] }\n')
    assert found[0].editors.addresses == {"de": ("a@example.org",), "en": ("b@example.org",)}
    assert read("")[0].editors.addresses == {}


def test_the_form_is_told_where_and_how_people_sign_in() -> None:
    """A slash at the end of an address is no harm; what is no host with TLS is told."""
    found = read('[editors]\nforge = "gitlab"\napp_id = "abc"\nsign_in = "https://in.example.org/"\n')[
        0
    ].editors
    assert (found.forge, found.cms, found.app_id, found.sign_in) == (
        "gitlab",
        "sveltia",
        "abc",
        "https://in.example.org",
    )
    assert read('[editors]\nsign_in = "http://in.example.org"\n')[1] == [("config-value", 2)]
    assert read('[editors]\nsign_in = "https://in.example.org/login"\n')[1] == [("config-value", 2)]
    assert read('[editors]\nforge = "bitbucket"\n')[1] == [("config-choice", 2)]


def test_editors_of_no_language_and_without_addresses_are_told() -> None:
    """A word that is no address, and a language that the site has not."""
    assert read('[editors]\naddresses = ["desk"]\n')[1] == [("config-value", 2)]
    assert read('[editors.addresses]\nfr = ["a@example.org"]\n')[1] == [("config-key-unknown", 2)]
