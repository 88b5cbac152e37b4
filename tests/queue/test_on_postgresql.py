"""Tasks over PostgreSQL: kept with what made them necessary, and lost with their worker without harm."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from newsfeed.errors import NewsfeedError, OutsideError
from newsfeed.queue import on_postgresql
from newsfeed.queue.on_postgresql import PostgresqlQueue, cron_of
from newsfeed.queue_ports import QueueTask, TaskShift
from newsfeed.stores.sql import open_store, queue_schema
from newsfeed.stores.sql.queue_schema import find_steps
from tests.contracts.postgres import Server
from tests.contracts.stores import hash_address
from tests.delivery.sites import wait_until

pytestmark = pytest.mark.xdist_group("postgresql")
ADD = QueueTask("add", "sums", {"number": 5}, "add")


@pytest.fixture
def url(postgres: Server) -> str:
    """A database with all tables."""
    return postgres.create()


@pytest.fixture
def queue(url: str) -> Iterator[PostgresqlQueue]:
    """Its queue."""
    queue = PostgresqlQueue(url)
    yield queue
    queue.close()


@contextmanager
def at_work(queue: PostgresqlQueue, done: list[int], troubles: list[NewsfeedError]) -> Iterator[None]:
    """A worker that notes what it is given."""
    stop = threading.Event()

    def add(number: int) -> None:
        done.append(number)

    shift = TaskShift({"add": add}, ["sums"], {}, 1, troubles.append)
    thread = threading.Thread(target=queue.work, args=(shift, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def test_tasks_are_kept_with_the_transaction(url: str, queue: PostgresqlQueue) -> None:
    """Nobody sees one before it commits."""
    done: list[int] = []
    with psycopg.connect(url) as connection, at_work(queue, done, []):
        queue.defer([ADD], transaction=connection)
        assert rows(url, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'add'") == [(0,)]
        connection.commit()
        wait_until(lambda: done == [5])


def test_whoever_is_stopped_while_deferring_keeps_nobody_waiting(queue: PostgresqlQueue) -> None:
    """Others would wait to defer under the same lock until that transaction ends: the server ends it."""
    queue.defer([ADD])
    asked = queue._app.connector.get_sync_connector()
    shown = asked.execute_query_one("SHOW idle_in_transaction_session_timeout")
    assert shown == {"idle_in_transaction_session_timeout": "10s"}


def test_every_connection_of_the_library_is_told_so(
    url: str, queue: PostgresqlQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that defer, those that fetch, and the one that listens."""
    monkeypatch.setattr(on_postgresql, "_BRISK", "SET application_name = 'told'")
    done: list[int] = []
    with at_work(queue, done, []):
        queue.defer([ADD])
        wait_until(lambda: done == [5])
        names = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
        wait_until(lambda: len(rows(url, f"{names} AND query LIKE 'LISTEN%'")) == 1)
        assert {name for (name,) in rows(url, f"{names} AND pid <> pg_backend_pid()")} == {"told"}


def test_a_worker_whose_connections_are_cut_goes_on(
    postgres: Server, url: str, queue: PostgresqlQueue
) -> None:
    """It says so, connects again, and runs what was deferred meanwhile."""
    done: list[int] = []
    troubles: list[NewsfeedError] = []
    with at_work(queue, done, troubles):
        queue.defer([ADD])
        wait_until(lambda: done == [5])
        with psycopg.connect(postgres.url(), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [url.partition("?")[0].rpartition("/")[2]],
            )
        queue.defer([ADD])
        wait_until(lambda: done == [5, 5])


def test_a_database_that_is_away_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """For whoever defers; a worker would try again."""
    monkeypatch.setattr(on_postgresql, "_PATIENCE", 1.0)
    queue = PostgresqlQueue("postgresql://nobody@127.0.0.1:1/nothing")
    try:
        with pytest.raises(OutsideError, match="cannot be deferred"):
            queue.defer([ADD])
    finally:
        queue.close()


@pytest.mark.parametrize(
    ("seconds", "cron"), [(20, "* * * * * */20"), (300, "*/5 * * * *"), (3600, "0 */1 * * *")]
)
def test_seconds_become_a_schedule(seconds: int, cron: str) -> None:
    """As the library writes it."""
    assert cron_of(seconds) == cron


def rows(url: str, question: str) -> list[tuple[object, ...]]:
    """Look straight into the tables."""
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()


def test_an_older_librarys_tables_are_brought_up_to_date(postgres: Server) -> None:
    """By its own steps, which made them here from its first version on, up to one before the last."""
    url = postgres.create()
    with psycopg.connect(url) as connection:
        forget_library(connection)
        before = [path for path in find_steps("") if path.stem < "03.04"]
        for path in before:
            connection.execute(path.read_text(encoding="utf-8"))
            connection.commit()
        said = f"newsfeed: 3.3.0 {before[-1].stem}"
        connection.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{said}'")
    retry = "SELECT count(*) FROM pg_proc WHERE proname = 'procrastinate_retry_job_v2'"
    assert rows(url, retry) == [(0,)]
    for _ in range(2):
        open_store(url, hash_address=hash_address).close()
    assert rows(url, retry) == [(1,)]
    done: list[int] = []
    queue = PostgresqlQueue(url)
    queue.defer([ADD])
    with at_work(queue, done, []):
        wait_until(lambda: done == [5])
    queue.close()


def test_another_programs_tasks_are_left_alone(postgres: Server) -> None:
    """Whoever has its tables there already runs a version of its own."""
    url = postgres.create()
    with psycopg.connect(url) as connection:
        connection.execute("COMMENT ON TABLE procrastinate_jobs IS NULL")
    with pytest.raises(OutsideError, match="holds tables of another program"):
        open_store(url, hash_address=hash_address)


def test_without_the_library_a_store_opens(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL alone is enough for senders without workers."""
    url = postgres.create()
    with psycopg.connect(url) as connection:
        forget_library(connection)
    monkeypatch.setattr(queue_schema, "installed_version", lambda: "")
    open_store(url, hash_address=hash_address).close()
    assert rows(url, "SELECT to_regclass('procrastinate_jobs')") == [(None,)]
    monkeypatch.undo()
    open_store(url, hash_address=hash_address).close()
    assert rows(url, "SELECT to_regclass('procrastinate_jobs') IS NULL") == [(False,)]


def test_tasks_of_dead_workers_are_forgotten(url: str, queue: PostgresqlQueue) -> None:
    """One that hangs on a worker that gives no sign of life must not lie there for ever."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
            " SELECT 'sums', 'add', 'doing', id FROM procrastinate_workers"
        )
    queue.defer([QueueTask("forget_dead_workers", "sums", lock="forget_dead_workers")])
    done: list[int] = []
    with at_work(queue, done, []):
        wait_until(lambda: rows(url, "SELECT count(*) FROM procrastinate_jobs") == [(0,)])
    assert done == []


def forget_library(connection: psycopg.Connection) -> None:
    """As if there had never been any of its tables, types and functions."""
    connection.execute(
        "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,"
        " procrastinate_workers CASCADE"
    )
    for (name,) in connection.execute(
        "SELECT oid::regprocedure FROM pg_proc WHERE proname LIKE 'procrastinate%'"
    ).fetchall():
        connection.execute(f"DROP FUNCTION {name} CASCADE")
    for (name,) in connection.execute(
        "SELECT typname FROM pg_type WHERE typname LIKE 'procrastinate%' AND typtype IN ('e', 'c')"
    ).fetchall():
        connection.execute(f"DROP TYPE {name} CASCADE")
