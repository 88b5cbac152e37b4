"""The doctor's probe, from its check to the service and back."""

from dataclasses import replace
from urllib.parse import urlsplit

from newsfeed.checkup.web_checks import check_one_click
from newsfeed.core.people.tokens import make_probe_token
from newsfeed.service_ports import HttpAnswer, HttpRequest
from tests.checkup.sites import World, told
from tests.web.conftest import SECRET, Service


class Outside(World):
    """The service as others reach it."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._visitor = service.visitor()

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Pass a request on."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = self._visitor.ask(request.method, urlsplit(request.url).path, request.body, headers)
        return HttpAnswer(answer.status, answer.headers, answer.data)


def test_the_service_answers_what_the_doctor_asks(service: Service) -> None:
    """Both speak of the same link; with another secret they do not."""
    context = Outside(service).context()
    good = replace(context, probe_token=make_probe_token(SECRET, service.now))
    other = replace(context, probe_token=make_probe_token(b"another secret!!", service.now))
    assert told(check_one_click(good)) == [
        ("one-click", "good", "at mail.news.test a POST unsubscribes, and a GET changes nothing")
    ]
    assert told(check_one_click(other)) == [
        ("one-click", "advice", "what answers at mail.news.test does not know this site’s links: 404")
    ]
