"""Limits of the host."""

import pytest

from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.output_limits import count_files, limit_problems
from newsfeed.settings import OutputSettings
from tests.core.told import params


@pytest.mark.parametrize(
    ("files", "size", "told"),
    [
        (17_999, 899_000_000, []),
        (18_000, 100, [("output-files", "18000", "20000")]),
        (30_000, 899_999_999, [("output-files", "30000", "20000")]),
        (1, 900_000_000, [("output-size", "900", "1000")]),
        (1, 1_000_000_001, [("output-size", "1001", "1000")]),
    ],
)
def test_a_limit_is_told_before_it_is_reached(files, size, told):
    """From nine tenths of it on."""
    found = limit_problems(OutputSettings((), 1000, 20_000), files, size)
    assert [(one.code, params(one)["value"], params(one)["limit"]) for one in found] == told


def test_without_a_limit_nothing_is_told():
    """However large the site is."""
    assert limit_problems(OutputSettings(), 10**9, 10**15) == []


def test_compressed_copies_are_files_too():
    """Those of the site's own files are not made."""
    planned = [PlannedArtifact("index.html", "list"), PlannedArtifact("p.png", "asset")]
    assert count_files(OutputSettings(), planned) == 2
    assert count_files(OutputSettings(("gz",)), planned) == 3
