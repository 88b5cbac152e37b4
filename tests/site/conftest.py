"""The two whole sites, built once per worker."""

import pytest

from tests.site.builds import DEMO_NOW, NETWORK_NOW, BuiltSite, built, copy_of_demo, copy_of_network


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The demo site: this repository."""
    folder = tmp_path_factory.mktemp("demo")
    return built(copy_of_demo(folder / "site"), folder / "served", DEMO_NOW)


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The network site, which lives in a folder of its domain."""
    folder = tmp_path_factory.mktemp("network")
    return built(copy_of_network(folder / "site"), folder / "served", NETWORK_NOW)


@pytest.fixture(scope="session", params=["demo", "network"])
def site(request: pytest.FixtureRequest) -> BuiltSite:
    """Each of the two sites."""
    found: BuiltSite = request.getfixturevalue(request.param)
    return found
