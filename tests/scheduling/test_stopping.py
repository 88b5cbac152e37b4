"""Signals end a service whatever its main thread does."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newsfeed.scheduling.stopping import StopSignal

FILES = Path("/proc/self/fd")
ASLEEP = """
import signal, threading
from newsfeed.scheduling.stopping import StopSignal

SIGNALS = [signal.SIGTERM, signal.SIGINT]
stop = StopSignal()

def take_signals():
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    print("ready", flush=True)
    threading.Event().wait(60)

with stop.listening():
    # Another thread gets the signal, as when the main one has just gone to sleep: nothing wakes that.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    threading.Thread(target=take_signals, daemon=True).start()
    stop.wait()
print("ended")
"""
BUSY = """
import threading, time
from newsfeed.scheduling.stopping import StopSignal

stop = StopSignal()
with stop.listening():
    print("ready", flush=True)
    while not stop.is_set():
        stop.event.wait(0)  # takes the lock of the event again and again
print("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("program", [ASLEEP, BUSY], ids=["asleep", "holding the lock"])
def test_a_signal_ends_it_at_once(program: str, number: int) -> None:
    """Also while the main thread is asleep, or holds the lock of what is to be set."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
        assert process.stdout.read() == "ended\n"


def test_whoever_listened_leaves_signals_as_they_were() -> None:
    """Handlers, the pipe of others and their number of open files."""
    before, files = signal.getsignal(signal.SIGTERM), len(list(FILES.iterdir()))
    with StopSignal().listening():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
    assert len(list(FILES.iterdir())) == files
    assert "signals" not in {thread.name for thread in threading.enumerate()}


def test_events_of_others_are_woken_too() -> None:
    """Whoever waits for something else hears of the end."""
    stop, other = StopSignal(), threading.Event()
    stop.wake_too(other)
    with stop.listening():
        signal.raise_signal(signal.SIGTERM)
        assert other.wait(30)
    assert stop.is_set()


def test_a_stop_wakes_whoever_waits() -> None:
    """Each event that was named."""
    stop, event = StopSignal(), threading.Event()
    stop.wake_too(event)
    assert not stop.is_set()
    stop.set()
    stop.wait()
    assert (stop.is_set(), event.is_set()) == (True, True)
