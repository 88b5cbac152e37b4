"""What libraries and Python itself would print: lines of the log, like all others."""

import gc
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from newsfeed.cli.output.library_lines import hear_libraries
from newsfeed.cli.output.log_lines import ERROR, INFO, JSON, TEXT, LogLines
from tests.cli.command import environment, hooks_kept
from tests.cli.output.test_service_log import NOW, logged


@pytest.fixture(autouse=True)
def own_hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Python's own hooks at the start, as in a process of its own; those of the test run afterwards."""
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    with hooks_kept():
        yield


def hear(form: str = JSON, least: str = INFO) -> None:
    """As a service does when it starts."""
    hear_libraries(LogLines(lambda: NOW, form, least))


def fail() -> None:
    """Something fails, and says for whom."""
    raise ValueError("anna@example.org")


def test_a_warning_of_a_library_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With the name of its logger, and where it was written; what is below a warning is left out."""
    hear()
    logging.getLogger("somelibrary.pool").warning("%d of %d are left", 1, 8)
    logging.getLogger("somelibrary.pool").info("all is well")
    (line,) = logged(capsys)
    assert line.pop("where")[0].startswith("test_library_lines:")
    assert line == {
        "at": "2030-02-04T09:00:00+00:00",
        "level": "warning",
        "event": "library",
        "logger": "somelibrary.pool",
        "message": "1 of 8 are left",
        "error": "",
    }


def test_a_failure_of_a_library_tells_its_kind_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, however long its traceback is; what the error says may name somebody."""
    hear()
    try:
        fail()
    except ValueError:
        logging.getLogger("asyncio").exception("Exception in callback\nhandle: <Handle anna@example.org>")
    (line,) = logged(capsys)
    assert (line["level"], line["message"], line["error"]) == ("error", "Exception in callback", "ValueError")
    assert [place.rpartition(":")[0].rpartition(".")[2] for place in line["where"]] == [
        "test_library_lines"
    ] * 2
    assert "anna" not in json.dumps(line)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to anna@example.org failed", "mail to … failed"),
        ("GET /en/confirm/3fa9c0de1b failed", "GET … failed"),
        ("lost http://127.0.0.1:8080/x?email=a%40b.example", "lost …"),
        ("peer 192.0.2.7:443 is gone", "peer … is gone"),
        ("peer 2001:db8::7 is gone", "peer … is gone"),
        ("received b'email=anna' too late", "received … too late"),
        ('key "anna" isn\'t there', "key … isn't there"),
        ("email=anna%40example.org", "…"),
        ("x" * 999, "x" * 300),
    ],
)
def test_no_line_names_somebody(capsys: pytest.CaptureFixture[str], said: str, kept: str) -> None:
    """What may be an address of a person, a page or a machine is left out."""
    hear()
    logging.getLogger("somelibrary").error(said)
    assert [line["message"] for line in logged(capsys)] == [kept]


def test_arguments_that_do_not_fit_are_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logging would print a traceback of its own."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own would fail
    hear()
    logging.getLogger("somelibrary").error("%d are left", "none")
    assert [line["message"] for line in logged(capsys)] == ["%d are left"]


def test_a_warning_of_python_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind is told, and the file and line it is about."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        hear()
        warnings.warn("this will go", DeprecationWarning, stacklevel=1)
    (line,) = logged(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("library", "warning", "warnings")
    assert (line["message"], line["error"]) == ("this will go", "DeprecationWarning")
    assert line["where"][0].startswith("output/test_library_lines.py:")


def test_what_ends_a_thread_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Which thread, what kind of error, and where; a thread that leaves by itself is no crash."""
    hear()
    for work in (fail, sys.exit):
        thread = threading.Thread(target=work, name="web")
        thread.start()
        thread.join()
    (line,) = logged(capsys)
    assert (line["level"], line["event"], line["thread"], line["error"]) == (
        "error",
        "crash",
        "web",
        "ValueError",
    )
    assert line["where"][0].startswith("threading:")
    assert "test_library_lines:" in line["where"][-1]
    assert "anna" not in json.dumps(line)


def test_what_nobody_can_catch_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """As when an object that is thrown away fails."""

    class Careless:
        def __del__(self) -> None:
            fail()

    hear()
    Careless()
    gc.collect()
    (line,) = logged(capsys)
    assert (line["event"], line["error"]) == ("crash", "ValueError")
    assert line["message"].startswith("ignored in ")
    assert line["message"].endswith("Careless.__del__")


def test_hooks_of_others_are_asked_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has their crashes reported elsewhere still gets them."""
    heard: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: heard.append(args.exc_type))
    hear()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert heard == [ValueError]
    assert len(logged(capsys)) == 1


def test_levels_and_forms_hold_for_libraries_too(capsys: pytest.CaptureFixture[str]) -> None:
    """For people, and without what is below the level."""
    hear(TEXT, ERROR)
    logging.getLogger("somelibrary").warning("slow")
    logging.getLogger("somelibrary").error("it broke")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        '2030-02-04T09:00:00+00:00 error library logger=somelibrary message="it broke" where='
    )


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """Where standard error is gone, for example."""

    class Gone:
        def write(self, level: str, event: str, facts: object) -> None:
            raise OSError

    hear_libraries(Gone())  # type: ignore[arg-type]
    logging.getLogger("somelibrary").error("it broke")
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


PROGRAM = """
import logging
from datetime import UTC, datetime
from newsfeed.cli.output.library_lines import hear_libraries
from newsfeed.cli.output.log_lines import LogLines

hear_libraries(LogLines(lambda: datetime(2030, 2, 4, 9, tzinfo=UTC)))
logging.basicConfig()
logging.warning("from the root")
raise ValueError("anna@example.org")
"""


@pytest.mark.slow
def test_a_program_that_ends_with_an_error_leaves_only_lines() -> None:
    """Each is one JSON object, the last one says what ended it, and its status is that of a crash."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment(), capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["error"]) for line in lines] == [("library", ""), ("crash", "ValueError")]
    assert (lines[1]["where"], done.returncode) == (["__main__:10"], 1)


def test_what_ends_the_program_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With where it was."""
    hear()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    (line,) = logged(capsys)
    assert (line["event"], line["thread"], line["error"]) == ("crash", "main", "ValueError")
