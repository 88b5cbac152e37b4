"""Webhooks: which are genuine, and which are about the branch that is published."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.publishing.commit_status import make_status_request
from newsfeed.core.publishing.repository_address import find_repository
from newsfeed.core.publishing.webhooks import (
    FORGED,
    KEPT,
    OTHER,
    PUSHED,
    WebhookBody,
    WebhookVerdict,
    check_webhook,
    open_body,
)

NOW = datetime(2030, 2, 4, 9, tzinfo=UTC)
SECRET = "a secret of some length"
BODY = json.dumps({"ref": "refs/heads/main"}).encode()


def signed(forge: str, body: bytes = BODY, event: str = "", secret: str = SECRET) -> dict[str, str]:
    """The headers that a forge sends."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "github": {"x-hub-signature-256": f"sha256={digest}", "x-github-event": event or "push", "x-github-delivery": "7"},
        "gitlab": {"x-gitlab-token": secret, "x-gitlab-event": event or "Push Hook", "x-gitlab-event-uuid": "7"},
        "forgejo": {"x-forgejo-signature": digest, "x-forgejo-event": event or "push", "x-forgejo-delivery": "7"},
    }[forge]  # fmt: skip


FORGES = ("github", "gitlab", "forgejo")


def check(forge: str, headers: dict[str, str], body: bytes, secret: str, branch: str) -> WebhookVerdict:
    """The verdict on a body that comes in pieces."""
    taken = open_body(forge, headers, secret)
    for start in range(0, len(body), 1_000):
        taken.take(body[start : start + 1_000])
    return check_webhook(forge, headers, taken, secret, branch, NOW)


TOKEN = "whsec_" + base64.b64encode(b"k" * 32).decode()
"""As GitLab makes it."""


def standard(
    body: bytes = BODY, name: str = "msg-1", sent: str = "", key: bytes = b"k" * 32
) -> dict[str, str]:
    """The headers of a GitLab that signs (Standard Webhooks)."""
    sent = sent or str(int(NOW.timestamp()))
    digest = hmac.new(key, f"{name}.{sent}.".encode() + body, hashlib.sha256).digest()
    return {
        "x-gitlab-event": "Push Hook",
        "idempotency-key": name,
        "webhook-id": name,
        "webhook-timestamp": sent,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def test_gitlab_can_sign_by_a_token() -> None:
    """Its name is signed, too, so a call that says the same under another one is another."""
    found = check("gitlab", standard(), BODY, TOKEN, "main")
    assert (found.kind, found.names) == (PUSHED, ("msg-1",))
    exchanged = standard()
    exchanged["webhook-signature"] = f"v1,{'A' * 43}= {exchanged['webhook-signature']}"
    assert check("gitlab", exchanged, BODY, TOKEN, "main").kind == PUSHED
    assert check("gitlab", signed("gitlab", secret=TOKEN), BODY, TOKEN, "main").kind == PUSHED


@pytest.mark.parametrize(
    ("headers", "body", "token"),
    [
        (standard(key=b"x" * 32), BODY, TOKEN),
        (standard(), BODY + b" ", TOKEN),
        ({**standard(), "webhook-id": "msg-2"}, BODY, TOKEN),
        (standard(sent=str(int(NOW.timestamp()) - 301)), BODY, TOKEN),
        (standard(sent=str(int(NOW.timestamp()) + 301)), BODY, TOKEN),
        (standard(sent="soon"), BODY, TOKEN),
        (standard(name=""), BODY, TOKEN),
        (standard(key=b""), BODY, "whsec_" + "?" * 40),
        (standard(key=b""), BODY, "whsec_"),
        ({**standard(), "webhook-signature": "v1a,"}, BODY, TOKEN),
        ({**standard(), "webhook-signature": ""}, BODY, TOKEN),
    ],
)
def test_what_a_token_did_not_sign_now_is_forged(headers: dict[str, str], body: bytes, token: str) -> None:
    """Another key, body, name or time; one that was sent long ago; a token that is none."""
    assert check("gitlab", headers, body, token, "main").kind == FORGED


@pytest.mark.parametrize("forge", FORGES)
def test_a_genuine_push_makes_somebody_look(forge: str) -> None:
    """It has the forge's name for it, and that of what was signed."""
    found = check(forge, signed(forge), BODY, SECRET, "main")
    assert (found.kind, found.names) == (PUSHED, ("7", f"sha256:{hashlib.sha256(BODY).hexdigest()}"))


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("headers", [{}, "wrong secret", "other forge"])
def test_one_that_nobody_signed_is_forged(forge: str, headers: object) -> None:
    """Without a signature, with that of another secret, with that of another forge."""
    others = {"github": "gitlab", "gitlab": "forgejo", "forgejo": "github"}
    given = (
        {}
        if headers == {}
        else signed(others[forge])
        if headers == "other forge"
        else signed(forge, secret="x" * 20)
    )
    assert check(forge, given, BODY, SECRET, "main").kind == FORGED


@pytest.mark.parametrize("forge", ["github", "forgejo"])
def test_a_body_that_was_changed_is_forged(forge: str) -> None:
    """The signature is that of the body."""
    assert check(forge, signed(forge), BODY + b" ", SECRET, "main").kind == FORGED


@pytest.mark.parametrize("forge", FORGES)
def test_without_a_secret_everything_is_forged(forge: str) -> None:
    """An empty one would be known to everybody."""
    assert check(forge, signed(forge, secret=""), BODY, "", "main").kind == FORGED


@pytest.mark.parametrize("forge", FORGES)
def test_other_branches_and_events_are_of_no_interest(forge: str) -> None:
    """A tag, another branch, the ping of a new webhook."""
    for ref in ("refs/heads/draft", "refs/tags/main"):
        body = json.dumps({"ref": ref}).encode()
        assert check(forge, signed(forge, body), body, SECRET, "main").kind == OTHER
    assert check(forge, signed(forge, event="ping"), BODY, SECRET, "main").kind == OTHER


def test_gitea_signs_as_forgejo_does() -> None:
    """Under its own names."""
    headers = {name.replace("forgejo", "gitea"): value for name, value in signed("forgejo").items()}
    assert check("forgejo", headers, BODY, SECRET, "main").kind == PUSHED


@pytest.mark.parametrize("body", [b"", b"payload=%7B%7D", b"[]", b'{"ref": 1}', b"\xff"])
def test_a_body_that_says_no_branch_makes_somebody_look(body: bytes) -> None:
    """A form, as GitHub can send it, too: the repository knows."""
    assert check("github", signed("github", body), body, SECRET, "main").kind == PUSHED


@pytest.mark.parametrize("forge", FORGES)
def test_of_a_long_body_nothing_is_kept(forge: str) -> None:
    """It is signed like any other, and makes somebody look: nobody reads in it which branch it is about."""
    long = json.dumps({"ref": "refs/heads/draft", "commits": "x" * KEPT}).encode()
    assert check(forge, signed(forge, long), long, SECRET, "main").kind == PUSHED
    if forge != "gitlab":
        assert check(forge, signed(forge, long), long[:-1] + b" ", SECRET, "main").kind == FORGED
    body = WebhookBody(SECRET.encode())
    for _ in range(100):
        body.take(b"x" * KEPT)
    assert len(body._kept) == KEPT
    assert body.text == b""


@given(st.binary(max_size=60), st.sampled_from(FORGES))
def test_any_body_that_is_signed_is_taken(body: bytes, forge: str) -> None:
    """A form, or nonsense: to look does no harm."""
    assert check(forge, signed(forge, body), body, SECRET, "main").kind in (PUSHED, OTHER)


@pytest.mark.parametrize(
    ("address", "web", "name"),
    [
        ("https://github.com/net/site.git", "https://github.com", "net/site"),
        ("git@git.example.org:net/sub/site.git", "https://git.example.org", "net/sub/site"),
        ("ssh://git@git.example.org:2222/net/site", "https://git.example.org", "net/site"),
        ("http://localhost:3000/net/site.git", "http://localhost:3000", "net/site"),
        ("https://git.example.org:8443/net/site/", "https://git.example.org:8443", "net/site"),
    ],
)
def test_an_address_of_git_says_where_the_forge_is(address: str, web: str, name: str) -> None:
    """By HTTPS unless it is this machine."""
    assert find_repository(address) == (web, name)


def test_a_path_is_on_no_forge() -> None:
    """Nor is an address without an owner."""
    assert find_repository("/srv/site.git") is None
    assert find_repository("https://example.org/site") is None


@pytest.mark.parametrize(
    ("forge", "address", "url", "state"),
    [
        (
            "github",
            "git@github.com:net/site.git",
            "https://api.github.com/repos/net/site/statuses/c0",
            "failure",
        ),
        (
            "github",
            "https://ghe.example/net/site",
            "https://ghe.example/api/v3/repos/net/site/statuses/c0",
            "failure",
        ),
        (
            "gitlab",
            "https://gl.example/a/b/c.git",
            "https://gl.example/api/v4/projects/a%2Fb%2Fc/statuses/c0",
            "failed",
        ),
        (
            "forgejo",
            "https://fj.example/net/site",
            "https://fj.example/api/v1/repos/net/site/statuses/c0",
            "failure",
        ),
    ],
)
def test_each_forge_is_asked_as_it_wants(forge: str, address: str, url: str, state: str) -> None:
    """The token stands in a header, a long description is cut."""
    found = find_repository(address)
    assert found is not None
    request = make_status_request(forge, found, "c0", "x" * 500, "token-1", good=False)
    values = json.loads(request.body)
    assert (request.url, values["state"], len(values["description"])) == (url, state, 140)
    assert "newsfeed" in (values.get("context"), values.get("name"))
    assert any(value.endswith("token-1") for value in request.headers.values())
    good = make_status_request(forge, found, "c0", "published", "token-1", good=True)
    assert json.loads(good.body)["state"] == "success"
