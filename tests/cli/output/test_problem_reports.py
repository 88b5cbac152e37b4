"""Problems as forges read them: at their lines, and known again when lines move."""

import json

from newsfeed.cli.output.problem_reports import gitlab_report, sarif_log
from newsfeed.cli.output.problems import print_problems
from newsfeed.problems import Location, problem
from tests.cli.output.test_problems import ENGLISH, unknown_key


def test_gitlab_gets_a_list_with_a_place_and_a_severity():
    """Its five severities are more than ours."""
    found = [
        unknown_key("titel: A", 1),
        problem("text-missing", Location("a")),
        problem("id-missing", Location("a"), value="a"),
    ]
    first, *others = json.loads(gitlab_report(found, ENGLISH))
    assert first == {
        "description": "unknown key “titel” – did you mean “title”? keys here are: date, title",
        "check_name": "key-unknown",
        "fingerprint": first["fingerprint"],
        "severity": "critical",
        "location": {"path": "news/a.en.md", "lines": {"begin": 2}},
    }
    assert [one["severity"] for one in others] == ["minor", "info"]


def test_sarif_has_a_rule_for_every_code_and_counts_characters():
    """Paths are addresses there."""
    log = json.loads(sarif_log([unknown_key("titel: A", 1, path="news/ü b.en.md")], ENGLISH))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "newsfeed"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["key-unknown"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("key-unknown", "error")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "news/%C3%BC%20b.en.md"},
                "region": {"startLine": 2, "startColumn": 1},
            }
        }
    ]


def test_a_problem_is_known_again_when_its_line_moves():
    """It is another one in another file."""
    at = [problem("text-missing", Location(path, line)) for path, line in (("a", 1), ("a", 9), ("b", 1))]
    first, moved, other = (one["fingerprint"] for one in json.loads(gitlab_report(at, ENGLISH)))
    assert first == moved != other


def test_no_problems_are_an_empty_report(capsys):
    """Forges want a file all the same."""
    print_problems([], "gitlab", ENGLISH)
    assert capsys.readouterr().out == "[]\n"
    print_problems([], "sarif", ENGLISH)
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []
