"""The count on a terminal."""

import os
import sys

from newsfeed.cli.output.progress import Progress


def test_progress_is_shown_on_a_terminal(monkeypatch):
    """Every fiftieth number and the last one; the line is wiped at the end."""
    main, side = os.openpty()
    with os.fdopen(side, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        progress = Progress("reading")
        for number in range(1, 121):
            progress(number, 120)
        progress(50)
        progress.close()
        terminal.flush()
        written = ""
        while not written.endswith("K"):
            written += os.read(main, 1_000).decode()
    os.close(main)
    assert written == "\rreading 50/120\rreading 100/120\rreading 120/120\rreading 50\r\x1b[K"


def test_progress_is_silent_elsewhere(capsys):
    """A log file needs no counting."""
    progress = Progress("reading")
    progress(50, 100)
    progress.close()
    assert capsys.readouterr() == ("", "")
