"""Which store may be sent from, and which is a copy."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.delivery.instance import InstanceState, begin_anew, judge_instance
from newsfeed.instance_records import Place, PlaceMark, StoreMark

HERE = Place("machine", "/srv/site", 7)
KEPT = PlaceMark(StoreMark("fence", 5), HERE)


def test_a_store_that_nobody_sent_from_is_new() -> None:
    """Also after an update from a program that knew no marks."""
    assert judge_instance(None, None, HERE) is InstanceState.NEW


@pytest.mark.parametrize("generation", [5, 6, 500])
def test_the_store_may_be_ahead_of_its_place(generation: int) -> None:
    """Another machine sends from it too, or somebody was killed between the two marks."""
    assert judge_instance(StoreMark("fence", generation), KEPT, HERE) is InstanceState.ACTIVE


@pytest.mark.parametrize("stored", [None, StoreMark("fence", 4), StoreMark("fence", 0)])
def test_a_store_behind_its_place_is_older(stored: StoreMark | None) -> None:
    """A file copied back by hand, or an empty one in its stead."""
    assert judge_instance(stored, KEPT, HERE) is InstanceState.OLDER


def test_a_store_without_its_place_is_unknown() -> None:
    """The database alone was copied, or restored, or somebody else was activated."""
    assert judge_instance(StoreMark("fence", 5), None, HERE) is InstanceState.UNKNOWN
    assert judge_instance(StoreMark("other", 9), KEPT, HERE) is InstanceState.UNKNOWN


@pytest.mark.parametrize("change", [{"machine": "m2"}, {"path": "/srv/staging"}, {"file_number": 8}])
def test_a_copy_of_everything_is_known_by_where_it_is(change: dict[str, str | int]) -> None:
    """On another machine, in another folder, or as another file."""
    elsewhere = replace(HERE, **change)  # type: ignore[arg-type]
    assert judge_instance(StoreMark("fence", 5), KEPT, elsewhere) is InstanceState.MOVED


@pytest.mark.parametrize("unknown", [{"machine": ""}, {"file_number": 0}])
def test_what_nobody_knows_is_no_difference(unknown: dict[str, str | int]) -> None:
    """Containers have no machine id; a database on a server is no file."""
    here = replace(HERE, **unknown)  # type: ignore[arg-type]
    assert judge_instance(StoreMark("fence", 5), KEPT, here) is InstanceState.ACTIVE


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["a", "b"]), st.sampled_from(["a", "b"]))
def test_only_one_of_two_copies_is_ever_active(first: int, second: int, one: str, other: str) -> None:
    """As soon as one was activated anew, and whatever their marks."""
    anew = begin_anew(lambda: "c")
    copies = [StoreMark(one, first), StoreMark(other, second), anew]
    kept = PlaceMark(anew, HERE)
    assert [judge_instance(mark, kept, HERE) is InstanceState.ACTIVE for mark in copies] == [
        False,
        False,
        True,
    ]
