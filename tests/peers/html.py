"""The Nu Html Checker over whole trees, in one JVM."""

import json
from collections.abc import Iterable
from pathlib import Path

from .need import need_command, need_npm
from .process import run

MIXED_UP_LANGUAGE = "appears to be written in"


def vnu_errors(paths: Path | Iterable[Path], *, langdetect: bool = False) -> list[str]:
    """What the checker calls an error in these files and folders; non-HTML is skipped.

    `langdetect` adds pages whose words are not in the language they declare; the
    checker only sees that from about a thousand letters on.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    for file in files:
        pages = [file] if file.is_file() else list(file.rglob("*.html"))
        assert pages, f"{file} has no page: the checker would pass it unseen"
    jar = need_npm("vnu-jar", "build/dist/vnu.jar")
    java, jar = need_command("java"), need_npm("vnu-jar", "build/dist/vnu.jar")
    options = ["--skip-non-html", "--stdout", "--exit-zero-always", "--format", "json"]
    options += [] if langdetect else ["--errors-only", "--no-langdetect"]
    report = json.loads(run([java, "-Xss8m", "-jar", jar, *options, *files]))
    return [
        f"{message['url']}:{message.get('lastLine', 0)}: {message['message']}"
        for message in report["messages"]
        if message["type"] == "error" or MIXED_UP_LANGUAGE in message["message"]
    ]
