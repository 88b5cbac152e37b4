"""Problems as files that forges read: GitLab's code quality report, and SARIF 2.1.0 for GitHub and others."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from newsfeed import __version__
from newsfeed.cli.output.problems import hint, message
from newsfeed.cli.output.terminal import visible
from newsfeed.problems import PROBLEM_KINDS, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.cli.output.voice import Voice
    from newsfeed.problems import Problem

_GITLAB = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.ADVICE: "info"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def gitlab_report(problems: Sequence[Problem], voice: Voice) -> str:
    """Return problems as a code quality report: GitLab shows them at the lines of a merge request."""
    report = [
        {
            "description": _text(problem, voice),
            "check_name": problem.code,
            "fingerprint": _fingerprint(problem),
            "severity": _GITLAB[problem.severity],
            "location": {"path": visible(problem.where.path), "lines": {"begin": problem.where.line}},
        }
        for problem in problems
    ]
    return json.dumps(report, ensure_ascii=False, indent=1)


def sarif_log(problems: Sequence[Problem], voice: Voice) -> str:
    """Return problems as a log in SARIF 2.1.0 (OASIS)."""
    codes = sorted({problem.code for problem in problems})
    driver = {
        "name": "newsfeed",
        "version": __version__,
        "rules": [
            {"id": code, "shortDescription": {"text": voice.say(PROBLEM_KINDS[code].message)}}
            for code in codes
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem, voice) for problem in problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _sarif_result(problem: Problem, voice: Voice) -> dict[str, Any]:
    where = problem.where
    place = {
        "artifactLocation": {"uri": quote(where.path, errors="replace")},
        "region": {"startLine": where.line, "startColumn": where.column},
    }
    return {
        "ruleId": problem.code,
        "level": _SARIF[problem.severity],
        "message": {"text": _text(problem, voice)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"newsfeed/1": _fingerprint(problem)},
    }


def _text(problem: Problem, voice: Voice) -> str:
    return f"{message(problem, voice)} – {hint(problem, voice)}"


def _fingerprint(problem: Problem) -> str:
    """Return what stays when lines above a problem come or go, so that forges know it again."""
    said = "\0".join(
        (problem.code, problem.where.path, *(f"{name}={value}" for name, value in problem.params))
    )
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:40]
