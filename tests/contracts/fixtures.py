"""Fixtures of stores, for the `conftest` of any folder of tests that needs one."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from newsfeed.stores.sql import SqlStore
from tests.contracts.postgres import Server, running
from tests.contracts.stores import Place, empty, new_database, opening

# One worker runs all that needs the server, so that one server is enough.
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))


_users = 0
_server = ExitStack()
_started: list[Server] = []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private PostgreSQL server: one for all folders of tests whose `conftest` names this."""
    global _users  # noqa: PLW0603 - each of those folders has a session fixture of its own
    if not _started:
        _started.append(_server.enter_context(running()))
    _users += 1
    yield _started[0]
    _users -= 1
    if not _users:
        _started.clear()
        _server.close()


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    """A database that tests use one after the other."""
    return postgres.create()


@pytest.fixture(params=["sqlite", "memory", POSTGRESQL])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a new store may be opened: each kind of database in its turn."""
    yield from _place(request, tmp_path)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a store may be opened several times, by several processes."""
    yield from _place(request, tmp_path)


@pytest.fixture
def store(place: Place) -> SqlStore:
    """A new store."""
    return place.open()


def _place(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        with opening(url) as place:
            yield place
        empty(url)
        return
    if request.param == "sqlite":
        new_database(folder / "var" / "newsfeed.db")
    with opening(
        "sqlite://" if request.param == "memory" else f"sqlite:///{folder}/var/newsfeed.db"
    ) as place:
        yield place
