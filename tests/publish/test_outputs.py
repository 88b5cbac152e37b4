"""What is known of published files, packed."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.publish.known import Known, stamp_of
from newsfeed.publish.outputs import Outputs

names = st.binary(min_size=16, max_size=16).filter(any).map(bytes.hex)
stamps = st.tuples(st.integers(0, 2**40), st.integers(0, 2**62), st.integers(0, 2**62))
known = st.builds(Known, st.one_of(st.just(""), names), names, stamps)
paths = st.text("ab/ .é", min_size=1, max_size=6)
files = st.dictionaries(paths, known, max_size=10)


@given(files, files, st.data())
def test_patching_is_packing_anew(
    before: dict[str, Known], made: dict[str, Known], data: st.DataObject
) -> None:
    """Whatever is new, changed, or gone."""
    left = sorted(before.keys() - made.keys())
    gone = data.draw(st.lists(st.sampled_from(left), unique=True)) if left else []
    packed = Outputs.of(before)
    assert packed.unpack() == before
    assert len(packed) == len(before)
    after = {path: one for path, one in {**before, **made}.items() if path not in gone}
    assert packed.patched(made, gone) == Outputs.of(after)


def test_files_hold_until_one_is_touched(tmp_path: Path) -> None:
    """Or is gone."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x")
    found = {name: Known("", "0" * 32, stamp_of(tmp_path / name) or ()) for name in ("a", "b")}
    outputs = Outputs.of(found)
    assert outputs.hold(tmp_path)
    (tmp_path / "b").write_bytes(b"xx")
    assert not outputs.hold(tmp_path)
    (tmp_path / "b").unlink()
    assert not outputs.hold(tmp_path)
