"""A person with a browser and a mail program, both simple."""

import http.client
import re
from email.message import EmailMessage
from html import unescape
from urllib.parse import urlencode, urlsplit


class Reader:
    """Opens pages of a service on this machine, and sends its forms."""

    def __init__(self, port: int) -> None:
        self.port = port

    def open(self, address: str, fields: object = None) -> tuple[int, str]:
        """Open an address of the service, or send a form to it."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if fields is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, urlencode(fields, doseq=True), headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def press(self, page: str) -> tuple[int, str]:
        """Press the one button of a page."""
        found = re.search(r'<form[^>]* action="([^"]*)"', page)
        assert found
        return self.open(unescape(found[1]), {})

    def finds_service(self) -> bool:
        """Whether it answers."""
        try:
            return self.open("/readyz")[0] == 200
        except OSError:
            return False


def link(mail: EmailMessage, kind: str) -> str:
    """A link in the text of a mail."""
    text = mail.get_body(("plain",)).get_content()
    return next(line for line in text.split() if f"/{kind}/" in line)


def one_click_link(mail: EmailMessage) -> str:
    """The address that a mail program sends a POST to."""
    found = re.search(r"<(http[^>]*)>", mail["List-Unsubscribe"])
    assert found
    return found[1]


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of a page goes, and what its hidden fields hold."""
    action = re.search(r'<form[^>]* action="([^"]*)"', page)
    assert action
    return unescape(action[1]), dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
