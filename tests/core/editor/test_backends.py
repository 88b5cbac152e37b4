"""Where a form keeps what is saved, and with whom its pages may talk."""

import pytest

from newsfeed.core.editor.backends import FormBackend, guess_forge, is_origin
from newsfeed.core.editor.policy import make_policy
from newsfeed.core.publishing.repository_address import find_repository
from newsfeed.service_settings import DECAP, SVELTIA


@pytest.mark.parametrize(
    ("address", "forge"),
    [
        ("git@github.com:team/site.git", "github"),
        ("https://github.com/team/site", "github"),
        ("https://gitlab.com/team/sub/site.git", "gitlab"),
        ("ssh://git@gitlab.example.org/team/site.git", "gitlab"),
        ("https://codeberg.org/team/site.git", "forgejo"),
        ("https://gitea.example.org/team/site.git", "forgejo"),
        ("https://forgejo.example.org/team/site.git", "forgejo"),
        ("https://git.example.org/team/site.git", ""),
        ("https://github.com.example.org/team/site.git", "github"),
        ("/srv/git/site.git", ""),
    ],
)
def test_a_name_tells_which_forge_it_is(address: str, forge: str) -> None:
    """Of a host of one's own, when it is called after it."""
    assert guess_forge(find_repository(address)) == forge


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://git.example.org", True),
        ("http://127.0.0.1:3000", True),
        ("https://git.example.org; script-src *", False),
        ("https://git.example.org/team", False),
        ("https://git.example.org:port", False),
        ("https://*", False),
        ("ftp://git.example.org", False),
    ],
)
def test_only_scheme_and_host_become_part_of_a_policy(url: str, is_one: bool) -> None:
    """A remote could bring directives of its own."""
    assert is_origin(url) == is_one


def test_on_github_people_sign_in_with_a_token_of_their_own() -> None:
    """It stays in their browser."""
    backend = FormBackend(forge="github", name="team/site", branch="live")
    assert backend.options() == {
        "name": "github",
        "repo": "team/site",
        "branch": "live",
        "auth_methods": ["token"],
    }


def test_a_service_of_the_sites_own_signs_in_with_github() -> None:
    """Then nobody needs a token."""
    backend = FormBackend(forge="github", name="team/site", sign_in="https://in.example.org")
    assert backend.options()["base_url"] == "https://in.example.org"
    assert "auth_methods" not in backend.options()


def test_gitlab_and_forgejo_sign_people_in_by_an_application() -> None:
    """Its name is no secret."""
    gitlab = FormBackend(forge="gitlab", web="https://gitlab.com", name="team/site", app_id="abc")
    assert gitlab.options() == {
        "name": "gitlab",
        "repo": "team/site",
        "branch": "main",
        "api_root": "https://gitlab.com/api/v4",
        "base_url": "https://gitlab.com",
        "auth_type": "pkce",
        "app_id": "abc",
    }
    forgejo = FormBackend(forge="forgejo", web="https://codeberg.org", name="team/site", app_id="abc")
    assert (forgejo.options()["name"], forgejo.options()["app_id"]) == ("gitea", "abc")
    assert forgejo.options()["api_root"] == "https://codeberg.org/api/v1"


def sources(policy: str, directive: str) -> list[str]:
    """The sources that a policy allows for something."""
    found = [part.split() for part in policy.split("; ")]
    return next(words[1:] for words in found if words[0] == directive)


def test_pages_talk_with_the_forge_and_nobody_else() -> None:
    """Pictures of accounts come from there, too."""
    policy = make_policy(FormBackend(forge="github", name="team/site"), SVELTIA, in_header=True)
    assert sources(policy, "default-src") == ["'none'"]
    assert sources(policy, "script-src") == ["'self'", "'wasm-unsafe-eval'"]
    assert sources(policy, "connect-src") == ["'self'", "blob:", "data:", "https://api.github.com"]
    assert sources(policy, "img-src") == ["'self'", "blob:", "data:", "https://avatars.githubusercontent.com"]
    assert sources(policy, "frame-ancestors") == ["'none'"]


def test_a_forge_of_ones_own_is_allowed_and_github_is_not() -> None:
    """A page's own policy cannot speak of frames."""
    backend = FormBackend(forge="forgejo", web="https://git.example.org:3000", name="team/site")
    policy = make_policy(backend, SVELTIA, in_header=False)
    assert sources(policy, "connect-src")[-1] == "https://git.example.org:3000"
    assert "github" not in policy
    assert "frame-ancestors" not in policy


def test_without_a_forge_nobody_is_asked() -> None:
    """All is on this machine."""
    assert "https:" not in make_policy(FormBackend(), SVELTIA, in_header=True)


def test_only_decap_may_make_programs_of_texts() -> None:
    """Its validator does."""
    assert "'unsafe-eval'" in sources(make_policy(FormBackend(), DECAP, in_header=True), "script-src")
