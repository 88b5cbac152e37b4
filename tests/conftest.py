"""Options of the whole test suite."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import settings

from tests.compiling import compile_shipped_once, compile_statements_once, parse_catalogues_once
from tests.examples import PROFILE

_TRACED = (
    "bounces/",
    "checkup/",
    "config/",
    "build/test_drafts.py",
    "build/test_search_index.py",
    "core/",
    "delivery/test_issue_notes.py",
    "delivery/test_next_issue.py",
    "delivery/test_published_issues.py",
    "docs/test_problems.py",
    "problems/",
    "site/test_captions.py",
    "site/test_cards.py",
    "site/test_credits_and_ids.py",
    "site/test_feed_scope.py",
    "site/test_identity.py",
    "site/test_moved.py",
    "site/test_old_addresses.py",
    "site/test_outdated_translations.py",
    "site/test_pictures.py",
    "site/test_withdrawn.py",
    "sources/test_picture_files.py",
    "subscribers/",
    "test_broken_site.py",
    "test_files.py",
    "test_views.py",
    "web/test_accounts.py",
    "web/test_answers.py",
    "web/test_embedding.py",
    "web/test_story.py",
    "web/test_whole_story.py",
)
"""Tests that coverage of the pure modules is counted for. All others run at full speed: to follow every line
takes twice the time, and whole builds pass through the same lines by the thousand. So do the many examples of a
property: they prove something, but reach no line that single cases do not.
"""
_COUNTED = ("newsfeed.config", "newsfeed.core", "newsfeed.problems")
"""Rooms that coverage is counted for."""
_TRACED_PROPERTIES = ("core/site/test_impact.py",)
"""Properties that are traced all the same: few examples, each of them two whole sites."""
_SLOW = (
    "build/cache/test_snapshot.py",
    "build/cache/test_state.py",
    "build/test_background_check.py",
    "build/test_bad_days.py",
    "build/test_compressed.py",
    "build/test_incremental.py",
    "build/test_killed.py",
    "build/test_pool.py",
    "build/test_search_index.py",
    "build/test_warm_machine.py",
    "build/test_writes.py",
    "channels/smtp/test_sink.py",
    "cli/test_mistakes.py",
    "cli/test_watching.py",
    "core/digests/test_planning_machine.py",
    "delivery/test_end_to_end.py",
    "delivery/test_postfix.py",
    "publishing/",
    "delivery/test_service.py",
    "docs/test_readme.py",
    "mail/test_clients.py",
    "mail/test_in_browser.py",
    "mail/test_same_bytes.py",
    "peers/",
    "site/test_browser.py",
    "sources/test_text_history.py",
    "site/test_determinism.py",
    "site/test_feed_archives.py",
    "site/test_fifth_language.py",
    "site/test_moved.py",
    "site/test_old_html.py",
    "site/test_withdrawn.py",
    "stores/test_machine.py",
    "stores/test_migrations.py",
    "stores/test_processes.py",
    "test_wheel.py",
    "web/test_safe_methods.py",
)
"""Tests that start processes, peers or a browser, build sites again and again, and state machines; others are marked where they stand."""
_LONGEST = (
    "build/test_warm_machine.py",
    "build/test_writes.py",
    "core/digests/test_planning_machine.py",
    "delivery/test_week.py",
    "delivery/test_workers.py",
    "editorial/test_form_in_browser.py",
    "publishing/test_publish_service.py",
    "publishing/test_whole_story.py",
    "site/test_browser.py",
    "stores/test_machine.py",
    "test_whole_story.py",
    "web/test_abuse.py",
    "web/test_browser.py",
)
"""Modules with tests of more than five seconds."""
_SLOW_FIXTURES = {"postgres", "postgres_url"}
_HERE = Path(__file__).parent

settings.register_profile("local", max_examples=20, deadline=None)
settings.register_profile("ci", max_examples=60, deadline=None)
settings.load_profile(PROFILE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """One switch: let the golden files follow the program."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew instead of comparing with it"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by where it stands, and all that needs PostgreSQL. What takes longest begins first, so
    that no worker is left with it at the end.
    """
    items.sort(key=lambda item: not item.path.relative_to(_HERE).as_posix().startswith(_LONGEST))
    for item in items:
        path = item.path.relative_to(_HERE).as_posix()
        fixtures = _SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))
        if path.startswith(_SLOW) or fixtures or item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Return one worker more than there are processors: many tests wait for processes, disks and moments."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Coverage follows no collecting, which takes four times as long then. The lines that run when a module is
    imported count all the same, so what it is counted for is imported before.
    """
    if sys.gettrace() is not None:
        for room in _COUNTED:
            for module in walk_packages(import_module(room).__path__, f"{room}."):
                import_module(module.name)
    gc.disable()
    try:
        with _untraced():
            return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Thousands of collected tests live until the end: to look through them for garbage again and again
    takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage follows only tests that it is counted for, with their fixtures."""
    if _is_traced(item):
        return (yield)
    with _untraced():
        return (yield)


@contextmanager
def _untraced() -> Iterator[None]:
    """Coverage follows neither this thread nor those that begin meanwhile."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    if tracer is None:
        yield
        return
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        threading.settrace(of_threads)  # type: ignore[arg-type]
        sys.settrace(tracer)


def _is_traced(item: pytest.Item) -> bool:
    path = item.path.relative_to(_HERE).as_posix()
    is_property = item.get_closest_marker("hypothesis") is not None
    return path.startswith(_TRACED_PROPERTIES if is_property else _TRACED)


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What proves that an output folder is ours is not kept in the home of whoever runs the tests."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session", autouse=True)
def shipped_templates() -> Generator[None, None, None]:
    """A test that builds without a cache, or with its own, need not compile and parse what others have."""
    with compile_shipped_once(), parse_catalogues_once(), compile_statements_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Processes that tests start heed it, also when the shell ignores it for what runs in its background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
