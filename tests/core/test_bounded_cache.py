"""The memory of entries: what was used last is kept, and never more than the limit."""

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.bounded_cache import BoundedCache


def test_what_was_used_last_stays() -> None:
    """The value that nobody asked for goes first."""
    kept: BoundedCache[str, str] = BoundedCache(2)
    for key in ("a", "b", "a", "c"):
        kept.get_or_make(key, key.upper)
    assert [kept.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30))))
def test_no_more_is_kept_than_the_limit(asked: list[tuple[int, int]]) -> None:
    """In bytes; what is larger than all the room is handed out, and not kept."""
    kept: BoundedCache[int, bytes] = BoundedCache(40, len)
    values: dict[int, bytes] = {}
    for key, size in asked:
        found = kept.get_or_make(key, lambda size=size: bytes(size))  # type: ignore[misc]
        values[key] = found
        assert sum(len(one) for number in range(6) if (one := kept.get(number))) <= 40
    assert all(kept.get(key) in (None, value) for key, value in values.items())


def test_a_value_put_again_weighs_once() -> None:
    """Else there would be less and less room."""
    kept: BoundedCache[str, bytes] = BoundedCache(10, len)
    for _ in range(9):
        kept.put("a", bytes(5))
    kept.put("b", bytes(5))
    assert kept.get("a") == kept.get("b") == bytes(5)
