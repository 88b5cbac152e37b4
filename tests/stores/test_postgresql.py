"""What is PostgreSQL's own: reaching it, and what it says."""

import sys

import psycopg
import pytest

from newsfeed.errors import OutsideError, UsageError
from newsfeed.stores import STORES
from newsfeed.stores.sql import open_store
from tests.contracts.postgres import Server
from tests.contracts.stores import (
    NOW,
    Noted,
    hash_address,
    opening,
    person,
    plan,
    result,
    states,
    step,
)

pytestmark = pytest.mark.xdist_group("postgresql")


def test_every_scheme_of_a_postgresql_url_is_understood(postgres: Server) -> None:
    """As administrators and hosting services write them."""
    url = postgres.create()
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        store = open_store(url.replace("postgresql", scheme, 1), hash_address=hash_address)
        assert store.people.find("a@example.org") is None
        store.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:hush-hush@127.0.0.1:1/newsfeed",
        "postgresql://someone:hush-hush@/newsfeed?host=/nowhere",
    ],
)
def test_a_server_that_is_not_there_is_said_so(url: str) -> None:
    """Without the password."""
    with pytest.raises(OutsideError, match="cannot be reached") as caught:
        open_store(url, hash_address=hash_address)
    assert "hush" not in f"{caught.value.message}{caught.value.hint}"


def test_a_database_that_is_not_there_is_said_so(postgres: Server) -> None:
    """The server is, but not that."""
    with pytest.raises(OutsideError, match="cannot be reached"):
        open_store(postgres.url("nothing"), hash_address=hash_address)


def test_no_tables_are_made_where_there_were_some(postgres: Server) -> None:
    """An empty database beside a secret is a lost one; another program's is left alone."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE lost")
    url = postgres.url("lost")
    with pytest.raises(OutsideError, match="is missing or empty, and var/secret shows"):
        open_store(url, hash_address=hash_address, made_before="var/secret")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER)")
    with pytest.raises(OutsideError, match="holds tables of another program"):
        open_store(url, hash_address=hash_address, made_before="var/secret")


def test_a_missing_driver_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match="driver psycopg") as caught:
        open_store("postgresql://localhost/newsfeed", hash_address=hash_address)
    assert "newsfeed[postgresql]" in caught.value.hint


@pytest.mark.parametrize("url", ["", "newsfeed.db", "mysql://localhost/x", "sqlite:/x", "postgresql://[::1"])
def test_a_url_that_means_nothing_is_said_so(url: str) -> None:
    """What stores there are is said too."""
    with pytest.raises(UsageError):
        open_store(url, hash_address=hash_address)


def test_every_registered_scheme_opens_a_store(postgres: Server) -> None:
    """The registry is what the configuration goes by."""
    urls = {"sqlite": "sqlite://", "postgresql": postgres.create()}
    urls["postgres"] = urls["postgresql"].replace("postgresql", "postgres", 1)
    for scheme, make in STORES:
        make(urls[scheme], hash_address=hash_address).close()


def test_a_server_that_hangs_up_is_one_error_and_then_there_again(postgres: Server) -> None:
    """Connections cut in mid-run: the step fails before the final dot, the next start finds the doubt."""
    with opening(postgres.create()) as place:
        store = place.open(durable=True)
        issue = plan(store, store.people.save([person("ann"), person("bob")]))
        owner = store.owners.register()
        first, second = store.send_queue.claim(owner, NOW, 10)
        step(store, None, first.delivery.id, owner, NOW)
        with psycopg.connect(postgres.url(), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname LIKE 'test%' AND pid <> pg_backend_pid()"
            )
        with pytest.raises(OutsideError, match="cannot be reached"):
            step(store, result(first), second.delivery.id, owner, NOW)
        assert store.send_queue.recover(NOW) == 1
        assert states(store, issue) == {"unknown": 1, "planned": 1}
        assert store.owners.is_alive(owner)
        store.owners.leave(owner)
        fresh = store.owners.register()
        assert store.owners.is_alive(fresh)
        (again,) = store.send_queue.claim(fresh, NOW, 10)
        assert step(store, None, again.delivery.id, fresh, NOW) == "go"
        store.owners.leave(fresh)


def test_an_owner_outlives_its_connection(postgres: Server) -> None:
    """A server that was started anew has forgotten its lock: it takes it again."""
    with opening(postgres.create()) as place:
        ours, theirs = place.open(), place.open()
        owners = [ours.owners.register() for _ in range(2)]
        for _ in range(2):
            with psycopg.connect(postgres.url(), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname LIKE 'test%' AND query LIKE '%advisory_lock%'"
                )
            ours.owners.hold_on()
            assert [theirs.owners.is_alive(owner) for owner in owners] == [True, True]
        ours.owners.leave(owners[0])
        assert [theirs.owners.is_alive(owner) for owner in owners] == [False, True]


def test_an_error_quotes_no_address(postgres: Server) -> None:
    """PostgreSQL's details name the row; what reaches logs and terminals does not."""
    with opening(postgres.create()) as place:
        store = place.open()
        with pytest.raises(OutsideError) as caught:
            store.people.save([person("ann", name="nul \0 byte")])
        assert "ann" not in f"{caught.value.message}{caught.value.hint}"


def test_somebody_who_is_stopped_with_a_batch_in_hand_holds_up_no_other(postgres: Server) -> None:
    """Whose transaction is open has that row locked, for as long as their machine is suspended: nobody waits."""
    with opening(postgres.create()) as place, psycopg.connect(place.url) as stopped:
        store, queue = place.open(), Noted()
        people = [person(f"p{number}", address=f"p{number}@readers.example") for number in range(600)]
        plan(store, store.people.save(people), queue=queue)
        first, second = [task.arguments["batch"] for task in queue.tasks]
        for batch in (first, second):
            assert store.batches.take(batch, "17-dead", 600, NOW) is not None
        stopped.execute("SELECT 1 FROM batches WHERE id = %s FOR UPDATE", [first])
        store.batches.recover(NOW)
        assert store.batches.due(NOW) == [second]
        assert store.batches.take(first, store.owners.register(), 600, NOW) is None
        stopped.rollback()
        store.batches.recover(NOW)
        assert store.batches.due(NOW) == [first, second]


def test_a_sender_that_is_stopped_in_its_bookkeeping_loses_its_connection(postgres: Server) -> None:
    """Its locks are gone soon; whoever plans or reads has all the time that takes."""
    with opening(postgres.create()) as place:
        database = place.open()._database
        found = []
        for lasting in (False, True):
            with database.write(lasting=lasting) as connection:
                found.append(connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar())
        assert found == ["10s", "0"]
