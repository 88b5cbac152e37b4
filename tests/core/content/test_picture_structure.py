"""Whether the end of a picture is missing, as its own marks and lengths tell."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsfeed.core.content.picture_structure import seems_cut_off


def made(kind: str) -> bytes:
    """A picture whose head holds another one, as those of cameras do."""
    image = Image.effect_noise((64, 48), 80).convert("RGB")
    notes = Image.Exif()
    notes[0x010F] = "\xff\xd9"
    file = io.BytesIO()
    image.save(file, kind, exif=notes)
    return file.getvalue()


WHOLE = {kind: made(kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_picture_is_not_cut_off(kind: str) -> None:
    """Nor is one with something behind its end, which some cameras put there."""
    assert not seems_cut_off(WHOLE[kind])
    assert not seems_cut_off(WHOLE[kind] + bytes(8)) or kind == "AVIF"


@pytest.mark.parametrize("kind", WHOLE)
@given(data=st.data())
def test_wherever_a_picture_is_cut_its_end_is_missed(kind: str, data: st.DataObject) -> None:
    """Behind the first bytes, which say what it is."""
    whole = WHOLE[kind]
    end = data.draw(st.integers(16, len(whole) - 2))
    assert seems_cut_off(whole[:end])


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF", b"0000ftyp"])
)
def test_any_bytes_get_an_answer(rest: bytes, start: bytes) -> None:
    """Whatever the lengths in them say."""
    assert seems_cut_off(start + rest) in (True, False)
