"""The description of the service: true of what it does, as Schemathesis finds out by trying."""

import json
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks

from newsfeed.web.application import make_application
from newsfeed.web.rates import Rates
from tests.web.conftest import Service

pytestmark = pytest.mark.slow


class NoLimits(Rates):
    """Rates of a network that may ask as often as it likes."""

    def ask(self, client: str) -> int:
        """Let everybody ask."""
        return 0

    def guess(self, client: str) -> int:
        """Let everybody guess."""
        return 0


BY_SCHEMA = [checks.positive_data_acceptance, checks.negative_data_rejection]
QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_the_service_does_what_its_description_says(service: Service, mode: Any) -> None:
    """Status, media type and headers of every answer, to what is allowed and to what is not."""
    service.context = replace(service.context, rates=NoLimits())
    described = schemathesis.openapi.from_asgi("/openapi.json", make_application(service.context))
    asked = set()
    for found in described.exclude(path_regex="/issues/").get_all_operations():  # those are the site's files
        operation = found.ok()

        @QUICK
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            asked.add(case.operation.label)
            # Of a form that people fill in, what is right is said by its fields, and not by a schema.
            case.call_and_validate(excluded_checks=BY_SCHEMA if "subscribe" in case.path else [])

        if mode == schemathesis.GenerationMode.POSITIVE or operation.method == "post":
            ask()
    assert {"POST /{lang}/subscribe", "POST /one-click/{token}"} <= asked
    assert service.failures == []


def test_it_names_what_there_is(service: Service) -> None:
    """The site's editions and digests; the feeds of issues lie on the site's host."""
    answer = service.visitor().get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    told = json.loads(answer.text)
    assert told["servers"] == [{"url": "https://mail.test.example"}]
    [lang] = told["paths"]["/{lang}/subscribe"]["parameters"]
    assert lang["schema"]["enum"] == ["en", "de", "fr", "nl"]
    feed = told["paths"]["/{lang}/issues/{digest}/feed.atom"]
    assert feed["servers"] == [{"url": "https://test.example"}]
    assert service.failures == []
