"""Options of the whole test suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """One switch: let the golden files follow the program."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew instead of comparing with it"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Tests of one group run in one worker, so that what they share is made once."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "loadgroup"
