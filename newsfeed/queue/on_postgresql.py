"""Tasks over PostgreSQL: Procrastinate carries them to workers on any number of machines.

Only this module and `newsfeed.stores.sql.queue_schema` know the library. It keeps tasks in tables of the
store's database, so that a task can be deferred in the transaction that makes it necessary. Its errors, and
those of tasks, are reported; a task that was lost with its worker is not run again by itself, for verbs ask
the ledger.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url

from newsfeed.errors import NewsfeedError, OutsideError, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from procrastinate import App, JobContext
    from psycopg import AsyncConnection, Connection

    from newsfeed.queue_ports import QueueTask, TaskShift

_LAST_WAIT = 7.5
"""Seconds in which tasks have to end after the stop; later ones are left to the ledger."""
_SHUTTING = 1.2
"""Seconds more for the library to say good-bye to the database."""
_HEARTBEAT = 10.0
"""Seconds between two signs of life of a worker."""
_DEAD = 60.0
"""Seconds without one after which its tasks are forgotten."""
_PATIENCE = 10.0
"""Seconds to wait for a server that does not answer."""
_LOOK = 5.0
"""Seconds between two looks for tasks; notifications come at once, but may be lost."""
_BRISK = "SET idle_in_transaction_session_timeout = '10s'"
"""Of a worker that is stopped while it defers something: others would wait to defer the same."""
_PAUSE = 3.0
"""Seconds until a worker that lost its database tries again."""
_RESCUE = "forget_dead_workers"
_RESCUE_EVERY = 30


class PostgresqlQueue:
    """Implements `newsfeed.queue_ports.TaskQueue` with Procrastinate 3."""

    def __init__(self, url: str) -> None:
        try:
            from procrastinate import App, SyncPsycopgConnector
        except ModuleNotFoundError as error:
            raise UsageError(
                N_("workers on PostgreSQL need Procrastinate"),
                N_("install it: pip install newsfeed[postgresql]"),
            ) from error
        self._connect = _connection_parameters(url)
        # Opened at once only on paper: it connects when something is deferred or asked for.
        self._connector = SyncPsycopgConnector(
            kwargs=self._connect, configure=_configure, min_size=0, max_size=2, timeout=_PATIENCE
        )
        self._app = App(connector=self._connector)
        self._lock = threading.Lock()
        self._is_open = False
        _silence("procrastinate")
        _silence("psycopg.pool")

    def defer(self, tasks: Sequence[QueueTask], transaction: object = None) -> None:
        """Defer tasks, each under its queueing lock."""
        from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

        try:
            waiting = self._locks_that_wait() if transaction is None else frozenset()
            for task in tasks:
                if not task.lock or task.lock not in waiting:
                    try:
                        self._deferrer(task, transaction).defer(**task.arguments)
                    except AlreadyEnqueued:  # by somebody else, this very moment
                        if transaction is not None:
                            raise
        except ConnectorException as error:
            raise _unreachable() from error

    def work(self, shift: TaskShift, stop: threading.Event) -> None:
        """Run tasks until the stop; a database that is away for a while is waited for."""
        while not stop.is_set():
            try:
                asyncio.run(self._work(shift, stop))
            except NewsfeedError as error:
                shift.report(error)
            except Exception as error:  # noqa: BLE001 - its words may hold what a task was about; its kind does not
                shift.report(OutsideError(type(error).__name__))
            stop.wait(_PAUSE)

    def close(self) -> None:
        """Close the connections that defer."""
        with self._lock:
            if self._is_open:
                self._app.close()
                self._is_open = False

    def _deferrer(self, task: QueueTask, transaction: object) -> Any:
        if transaction is None:
            self._open()
        return self._app.configure_task(
            task.name,
            queue=task.queue,
            queueing_lock=task.lock or None,
            priority=task.priority,
            connection=transaction,
        )

    def _locks_that_wait(self) -> frozenset[str]:
        self._open()
        return frozenset(job.queueing_lock or "" for job in self._app.job_manager.list_jobs(status="todo"))

    def _open(self) -> None:
        with self._lock:
            if not self._is_open:
                self._app.open()
                self._is_open = True

    async def _work(self, shift: TaskShift, stop: threading.Event) -> None:
        """Run one worker of the library, until the stop or until its database is gone."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, said: _report_stray(shift, said.get("exception")))
        worker = asyncio.create_task(self._run_library(shift))
        stopped = asyncio.create_task(_until_set(stop))
        await asyncio.wait([worker, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        worker.cancel()  # it fetches nothing more, and waits for what runs
        done, _ = await asyncio.wait([worker], timeout=_LAST_WAIT + _SHUTTING)
        for one in done:
            if not one.cancelled() and (error := one.exception()) is not None:
                raise error

    async def _run_library(self, shift: TaskShift) -> None:
        async with self._worker_app(shift).open_async() as app:
            await app.run_worker_async(
                queues=list(shift.queues),
                concurrency=shift.concurrency,
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=_LOOK,
                shutdown_graceful_timeout=_LAST_WAIT,
                update_heartbeat_interval=_HEARTBEAT,
                stalled_worker_timeout=_DEAD,
            )

    def _worker_app(self, shift: TaskShift) -> App:
        from procrastinate import App, PsycopgConnector

        app = App(
            connector=PsycopgConnector(
                kwargs=self._connect,
                configure=_configure_async,
                min_size=1,
                max_size=shift.concurrency + 3,
            )
        )
        periodic = {task.name: (task, seconds) for task, seconds in shift.periodic.items()}
        for name, verb in shift.verbs.items():
            run = _runner(name, verb, shift.report)
            task, seconds = periodic.get(name, (None, 0))
            registered = app.task(name=name, queue=task.queue if task else "default")(run)
            if task is not None and task.queue in shift.queues:
                app.periodic(cron=cron_of(seconds), queueing_lock=task.lock or None)(registered)
        rescue = app.task(name=_RESCUE, queue=shift.queues[0], queueing_lock=_RESCUE, pass_context=True)
        app.periodic(cron=cron_of(_RESCUE_EVERY))(rescue(_forget_dead_workers))
        return app


def _connection_parameters(url: str) -> dict[str, Any]:
    """Return what the driver is called with, as the store calls it."""
    dialect: Any = PGDialect_psycopg
    _, parameters = dialect().create_connect_args(make_url(url))
    return {**parameters, "connect_timeout": int(_PATIENCE)}


def _configure(connection: Connection) -> None:
    connection.execute(_BRISK)
    connection.commit()


async def _configure_async(connection: AsyncConnection) -> None:
    await connection.execute(_BRISK)
    await connection.commit()


def cron_of(seconds: int) -> str:
    """Return the schedule of something that runs every so many seconds, minutes or hours.

    >>> cron_of(20), cron_of(300), cron_of(3600)
    ('* * * * * */20', '*/5 * * * *', '0 */1 * * *')
    """
    if seconds < 60:
        return f"* * * * * */{seconds}"
    if seconds < 3600:
        return f"*/{seconds // 60} * * * *"
    return f"0 */{seconds // 3600} * * *"


def _runner(name: str, verb: Callable[..., object], report: Callable[[NewsfeedError], None]) -> Any:
    async def run(timestamp: int = 0, **arguments: int) -> None:
        """Run a verb in a thread that nobody has to wait for: one that hangs must not keep the process."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def work() -> None:
            try:
                verb(**arguments)
            except NewsfeedError as error:
                report(error)
            except Exception as error:  # noqa: BLE001 - its words may hold an address; its kind does not
                report(OutsideError(type(error).__name__))
            finally:
                _call(loop, partial(_finish, done))

        threading.Thread(target=work, name=name, daemon=True).start()
        await done

    return run


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


def _call(loop: asyncio.AbstractEventLoop, work: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(work)
    except RuntimeError:  # the loop has been closed: nobody waits any more
        return


async def _until_set(stop: threading.Event) -> None:
    """Wait for an event of threads; a signal sets it, and wakes no loop."""
    while not stop.is_set():  # noqa: ASYNC110 - an event of asyncio cannot be set by a signal's handler
        await asyncio.sleep(0.1)


async def _forget_dead_workers(context: JobContext, timestamp: int = 0) -> None:
    """Delete the tasks that dead workers ran; what they left undone is in the ledger."""
    from procrastinate.exceptions import ConnectorException
    from procrastinate.jobs import Status

    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD):
        try:
            await manager.finish_job_by_id_async(job_id=job.id or 0, status=Status.FAILED, delete_job=True)
        except ConnectorException:  # it was not dead, and has just finished
            continue


def _report_stray(shift: TaskShift, error: BaseException | None) -> None:
    """Report what went wrong in the library beside a task, by its kind."""
    if error is not None:
        shift.report(OutsideError(type(error).__name__))


def _unreachable() -> OutsideError:
    return OutsideError(N_("tasks cannot be deferred: PostgreSQL cannot be reached"))


def _silence(name: str) -> None:
    """Keep a library from writing between the lines of our own log."""
    logger = logging.getLogger(name)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
