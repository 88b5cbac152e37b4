"""HTML checkers over whole trees: Nu in one JVM, html-validate as second opinion."""

import json
from collections.abc import Iterable
from pathlib import Path

from .need import HERE, NODE_MODULES, need_command, need_npm
from .process import attempt, run

JVM = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A checker that lives for seconds has no use for the second compiler, nor for several collectors of garbage:
they take as much time again as the checking.
"""
MIXED_UP_LANGUAGE = "appears to be written in"


def vnu_errors(paths: Path | Iterable[Path], *, langdetect: bool = False) -> list[str]:
    """What the checker calls an error in these files and folders; non-HTML is skipped.

    `langdetect` adds pages whose words are not in the language they declare; the
    checker only sees that from about a thousand letters on.
    """
    files = _with_pages(paths)
    java, jar = need_command("java"), need_npm("vnu-jar", "build/dist/vnu.jar")
    options = ["--skip-non-html", "--stdout", "--exit-zero-always", "--format", "json"]
    options += [] if langdetect else ["--errors-only", "--no-langdetect"]
    report = json.loads(run([java, *JVM, "-jar", jar, *options, *files]))
    return [
        f"{message['url']}:{message.get('lastLine', 0)}: {message['message']}"
        for message in report["messages"]
        if message["type"] == "error" or MIXED_UP_LANGUAGE in message["message"]
    ]


def html_validate_errors(paths: Path | Iterable[Path]) -> list[str]:
    """What html-validate, a second opinion, finds in these files and folders."""
    need_npm("html-validate")
    command = [need_command("node"), NODE_MODULES / ".bin" / "html-validate"]
    config = HERE / "html-validate.json"
    done = attempt([*command, "--config", config, "--formatter", "json", *_with_pages(paths)])
    return [
        f"{page['filePath']}:{message['line']}: {message['message']}"
        for page in json.loads(done.stdout)
        for message in page["messages"]
    ]


def _with_pages(paths: Path | Iterable[Path]) -> list[Path]:
    files = [paths] if isinstance(paths, Path) else list(paths)
    for file in files:
        assert file.is_file() or any(file.rglob("*.html")), f"{file} has no page to check"
    return files
