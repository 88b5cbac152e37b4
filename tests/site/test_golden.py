"""The network site's output, byte for byte: one file of each kind in each language.

After a wanted change, ``pytest tests/site/test_golden.py --update-golden`` writes them anew; the
difference is then read in the diff of the commit.
"""

import difflib
from pathlib import Path

import pytest

from tests.site import kinds
from tests.site.builds import REPOSITORY, BuiltSite

pytestmark = pytest.mark.xdist_group("golden")

GOLDEN = REPOSITORY / "tests" / "golden" / "network"
FILES = [
    pytest.param(path, id=f"{lang}: {kind}")
    for lang, files in (
        ("site", kinds.WHOLE_SITE),
        *((lang, {**kinds.pages(lang), **kinds.feeds(lang)}) for lang in kinds.LANGUAGES),
    )
    for kind, path in files.items()
]


@pytest.mark.parametrize("path", FILES)
def test_output_is_as_agreed(network: BuiltSite, path: str, request: pytest.FixtureRequest) -> None:
    """The same site at the same moment gives the same bytes as when somebody last looked at them."""
    golden, data = GOLDEN / path, network.files[path]
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(data)
    assert golden.is_file(), "no golden file yet: run pytest with --update-golden"
    if golden.read_bytes() != data:
        pytest.fail(_difference(golden, data), pytrace=False)


def test_no_golden_file_is_left_over() -> None:
    """Every file below tests/golden/network is compared with something."""
    compared = {str(parameters.values[0]) for parameters in FILES}
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()} == compared


def _difference(golden: Path, data: bytes) -> str:
    name = golden.relative_to(REPOSITORY).as_posix()
    before, after = golden.read_text(encoding="utf-8"), data.decode()
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), name, "built just now", lineterm="", n=2
    )
    return "\n".join(
        [*lines, "", "if that is what you wanted: pytest tests/site/test_golden.py --update-golden"]
    )
