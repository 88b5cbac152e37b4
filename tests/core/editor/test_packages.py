"""The programs that show the form: pinned, all there, and asking nobody."""

import json
import re

import pytest

from newsfeed.core.editor import packages
from newsfeed.core.editor.packages import PACKAGES, PinnedPackage
from newsfeed.service_settings import CMS, SVELTIA
from tests.peers.need import HERE, need_npm

ALL = {one.name: one for packages in PACKAGES.values() for one in packages}
TESTED = {name: one for name, one in ALL.items() if name != "decap-cms"}
LOCK = json.loads((HERE / "package-lock.json").read_bytes())["packages"]


def test_every_program_has_its_packages() -> None:
    """In the order of the choice."""
    assert tuple(PACKAGES) == CMS


@pytest.mark.parametrize("package", TESTED.values(), ids=TESTED)
def test_what_is_pinned_is_what_the_tests_try(package: PinnedPackage) -> None:
    """Version, hash and licence."""
    locked = LOCK[f"node_modules/{package.name}"]
    assert (locked["version"], locked["integrity"]) == (package.version, f"sha512-{package.digest}")
    assert locked["license"] == "MIT"


def test_an_archive_has_the_name_that_npm_gives_it() -> None:
    """By which it lies in the cache."""
    assert ALL["@sveltia/cms"].file == f"sveltia-cms-{ALL['@sveltia/cms'].version}.tgz"
    assert ALL["@sveltia/cms"].spec == f"@sveltia/cms@{ALL['@sveltia/cms'].version}"


def test_all_that_the_program_loads_from_others_lies_beside_it() -> None:
    """Fonts, words and the look for newer versions; a new version of the package may bring other addresses."""
    package = PACKAGES[SVELTIA][0]
    data = package.change("npm/index.js", need_npm(package.name, "npm/index.js").read_bytes()).decode()
    assert not re.findall(
        r"cdn\.jsdelivr|unpkg\.com/@sveltia/cms|githubstatus\.com/api|hostedstatus\.com/", data
    )
    assert "../locales/" not in data
    served = {package.choose(path.relative_to(need_npm(package.name)).as_posix())
              for path in need_npm(package.name).rglob("*") if path.is_file()}  # fmt: skip
    named = set(re.findall(r"\./cms/(assets/[\w.-]+)", data)) | set(
        re.findall(r"`\./(locales/[\w-]+\.js)`", data)
    )
    named |= set(re.findall(r"`(assets/[\w.-]+)`", data)) | set(re.findall(r"`\./(chunks/[\w.-]+)`", data))
    assert len(named) > 30
    assert named <= served


def test_each_place_that_is_changed_is_there_once() -> None:
    """A new version of the package may have it elsewhere, or twice."""
    data = need_npm("@sveltia/cms", "npm/index.js").read_bytes()
    places = [*(address.encode() for address in packages._LED_HOME), packages._ALL_BELOW[0]]
    assert [data.count(place) for place in places] == [1] * len(places)


def test_words_in_other_languages_become_modules() -> None:
    """Browsers import no plain JSON."""
    package = PACKAGES[SVELTIA][0]
    assert package.choose("locales/de.json") == "locales/de.js"
    assert package.change("locales/de.json", b'{"a": 1}\n') == b'export default {"a": 1};\n'


@pytest.mark.parametrize(
    "path", ["npm/index.js.map", "dist/sveltia-cms.js", "types/public.d.ts", "README.md"]
)
def test_what_nobody_needs_is_not_served(path: str) -> None:
    """Maps, types, other builds."""
    assert PACKAGES[SVELTIA][0].choose(path) == ""
