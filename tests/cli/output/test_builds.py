"""What is said of a build."""

from pathlib import Path

from newsfeed.app.built import Built
from newsfeed.build.publish_result import PublishResult
from newsfeed.cli.output import builds
from newsfeed.cli.output.voice import Voice, user_voice

ENGLISH = Voice()


def test_a_build_is_summed_up():
    """In numbers, and in a sentence."""
    built = Built(Path("public"), PublishResult(3, 4, 5), 12, 6, files=6_900, size=112_300_000)
    data, sentences = builds.build_summary(built, 1.234, ENGLISH)
    assert data == {
        "output": "public", "pages": 12, "feeds": 6, "written": 3, "unchanged": 4, "removed": 5, "seconds": 1.23,
        "files": 6900, "bytes": 112_300_000,
        "drafts": 0, "scheduled": 0, "expired": 0, "withdrawn": 0,
    }  # fmt: skip
    assert sentences == [
        "12 pages and 6 feeds in public (6,900 files, 112 MB): 3 written, 4 unchanged, 5 removed, 1.2 s",
    ]


def test_a_small_site_is_measured_in_tenths():
    """In the separators of the user's language."""
    built = Built(Path("public"), PublishResult(3, 4, 5), 12, 6, files=1_300, size=3_460_000)
    assert "(1,300 files, 3.5 MB)" in builds.build_summary(built, 1, ENGLISH)[1][0]
    german = user_voice({"LANG": "de_DE.UTF-8"})
    assert "(1.300 Dateien, 3,5 MB)" in builds.build_summary(built, 1, german)[1][0]
