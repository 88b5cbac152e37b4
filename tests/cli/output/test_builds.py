"""What is said of a build."""

from pathlib import Path

from newsfeed.app.site import Built
from newsfeed.build.publish_result import PublishResult
from newsfeed.cli.output import builds
from newsfeed.cli.output.voice import Voice

ENGLISH = Voice()


def test_a_build_is_summed_up():
    """In numbers, and in a sentence."""
    built = Built(Path("public"), PublishResult(3, 4, 5), 12, 6)
    data, sentences = builds.build_summary(built, 1.234, ENGLISH)
    assert data == {
        "output": "public", "pages": 12, "feeds": 6, "written": 3, "unchanged": 4, "removed": 5, "seconds": 1.23,
        "drafts": 0, "scheduled": 0, "expired": 0,
    }  # fmt: skip
    assert sentences == ["12 pages and 6 feeds in public: 3 files written, 4 unchanged, 5 removed, 1.23 s"]
