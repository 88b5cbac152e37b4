"""REDbot asks about answers over HTTP: what it would mend, beside what it praises.

It brings a top-level package ``tests`` along, so it cannot stand beside ours: it lies in a folder of its own,
which is filled when it is first needed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .need import lacking

RELEASE = "2.7.1"
_FOLDER = Path(sys.prefix) / f"redbot-{RELEASE}"
_ASK = """
import json, sys
from configparser import ConfigParser
import thor
from redbot.resource import HttpResource

config = ConfigParser()
config.read_dict({"redbot": {"enable_local_access": "True"}})
left = set(sys.argv[1:])

def ask(url):
    resource = HttpResource(config["redbot"])
    resource.set_request(url)

    @thor.events.on(resource)
    def check_done():
        asked = [resource, *filter(None, resource.subreqs.values())]
        notes = [(note.level.name, type(note).__name__) for one in asked for note in one.response.notes]
        print(json.dumps([url, notes]))
        left.discard(url)
        if not left:
            thor.stop()

    resource.check()

for url in list(left):
    ask(url)
thor.run()
"""
_FINE = ("GOOD", "INFO")


def redbot_notes(urls: Sequence[str]) -> dict[str, tuple[set[str], set[str]]]:
    """Address → the names of what is good or just said of it, and of what is not as it should be."""
    command = [sys.executable, "-P", "-c", _ASK, *urls]
    variables = {**os.environ, "PYTHONPATH": str(_need_redbot())}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = {}
    for url, notes in map(json.loads, done.stdout.splitlines()):
        fine, wrong = ({name for level, name in notes if (level in _FINE) is good} for good in (True, False))
        found[url] = fine, wrong
    return found


def _need_redbot() -> Path:
    """The folder that it lies in."""
    mark = _FOLDER / "whole"
    if not mark.exists():
        words = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade")
        command = [sys.executable, *words, "--target", str(_FOLDER), f"redbot=={RELEASE}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lacking("REDbot", f"pip install --target {_FOLDER} redbot=={RELEASE}")
        mark.touch()
    return _FOLDER
