"""Options of the whole test suite."""

import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

_UNTRACED = {"channels", "cli", "delivery", "docs", "mailboxes", "peers", "render", "sources", "stores"}
"""Folders whose tests tell little about the pure modules, whose coverage counts. They run at full speed: to
follow every line takes twice the time.
"""
_HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """One switch: let the golden files follow the program."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew instead of comparing with it"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Coverage follows only tests that it is counted for."""
    tracer = sys.gettrace()
    if tracer is None or item.path.relative_to(_HERE).parts[0] not in _UNTRACED:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Processes that tests start heed it, also when the shell ignores it for what runs in its background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
