"""What is seen in picture files, whatever is in them."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsfeed.core.content.asset_checks import check_asset
from newsfeed.model import Asset
from newsfeed.problems import Location
from newsfeed.render.pictures import decode_picture, redraw_picture, strip_notes
from newsfeed.settings import Limits
from newsfeed.sources.folder import FolderSource
from newsfeed.sources.picture_files import look_into
from newsfeed.testing import write_tree
from tests.core.told import params
from tests.pictures import png
from tests.site.test_pictures import SIDEWAYS, photo

HERE = Location("news/a.en.md", 5, 8)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    return saved(
        Image.new("RGB", (30, 20), "red"), kind, save_all=True, append_images=[Image.new("RGB", (30, 20))]
    )


def palette() -> bytes:
    """A drawing in few colours, one of which is seen through."""
    return saved(Image.new("RGBA", (30, 20), (255, 0, 0, 0)).quantize(8), "PNG")


def seen(folder, name: str, data: bytes) -> Asset:
    """A file as the source of a site sees it."""
    (asset,) = FolderSource(write_tree(folder, {f"news/{name}": data}), 1_000_000).assets()
    return asset


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("text.jpg", b"This is no picture.\n" * 40, "picture-unreadable"),
        ("empty.jpg", b"", "asset-empty"),
        ("cut.jpg", photo()[:2000], "picture-cut-off"),
        ("cut.png", photo(kind="PNG")[:900], "picture-cut-off"),
        ("cut.webp", photo(kind="WEBP")[:-40], "picture-cut-off"),
        ("head.jpg", photo()[:30], "picture-unreadable"),
        ("bomb.png", png(30_000, 30_000), "picture-too-many-pixels"),
        ("bomb.gif", b"GIF89a\x30\x75\x30\x75\0\0\0;", "picture-too-many-pixels"),
        ("script.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "drawing-active"),
        ("far.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://a.example/b.png"/></svg>', "drawing-active"),
        ("really.png", photo(), "asset-mislabelled"),
    ],
)  # fmt: skip
def test_a_bad_picture_is_told_where_it_is_shown(tmp_path, name, data, code):
    """With the code of what is wrong, and its name."""
    found = check_asset(seen(tmp_path, name, data), HERE, Limits())
    assert found is not None
    assert (found.code, found.where, dict(found.params)["name"]) == (code, HERE, name)


def test_too_many_pixels_are_told_in_numbers(tmp_path):
    """And how many are possible."""
    found = check_asset(seen(tmp_path, "bomb.png", png(30_000, 30_000)), HERE, Limits())
    assert found is not None
    assert params(found) == {"name": "bomb.png", "width": "30000", "height": "30000", "limit": "50000000"}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.jpg", photo(), (700, 400, True, False, "jpg")),
        ("turned.jpg", photo(turned=SIDEWAYS), (400, 700, True, True, "jpg")),
        ("turned.png", photo(turned=SIDEWAYS, kind="PNG"), (400, 700, True, True, "jpg")),
        ("noted.png", photo(kind="PNG"), (700, 400, True, False, "jpg")),
        ("print.jpg", saved(Image.new("CMYK", (30, 20)), "JPEG"), (30, 20, True, True, "jpg")),
        ("grey16.png", saved(Image.new("I;16", (30, 20), 30_000), "PNG"), (30, 20, False, False, "jpg")),
        ("palette.png", palette(), (30, 20, False, False, "png")),
        ("clear.webp", saved(Image.new("RGBA", (30, 20)), "WEBP"), (30, 20, False, False, "png")),
        ("plain.avif", saved(Image.new("RGB", (30, 20)), "AVIF"), (30, 20, False, False, "jpg")),
    ],
)
def test_a_picture_is_seen_as_readers_get_it(tmp_path, name, data, said):
    """Its size when upright, what it tells, whether its pixels change, its form for everybody."""
    asset = seen(tmp_path, name, data)
    assert (asset.width, asset.height, asset.is_marked, asset.is_redrawn, asset.plain_ending) == said
    assert asset.digest
    assert check_asset(asset, HERE, Limits()) is None


@pytest.mark.parametrize(("name", "kind"), [("a.gif", "GIF"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_what_moves_is_published_as_it_is(tmp_path, name, kind):
    """A smaller picture of it would stand still."""
    asset = seen(tmp_path, name, moving(kind))
    assert (asset.width, asset.height, asset.digest, asset.damage) == (30, 20, "", "")


def test_colours_of_print_and_of_16_bits_are_shown_as_they_look():
    """A grey in the middle stays one; black of print is black."""
    grey = decode_picture("a.png", saved(Image.new("I;16", (30, 20), 128 * 256), "PNG"), 30)
    assert (grey.mode, grey.getpixel((3, 3))) == ("RGB", (128, 128, 128))
    printed = saved(Image.new("CMYK", (30, 20), (0, 0, 0, 255)), "JPEG")
    shown = Image.open(io.BytesIO(redraw_picture("a.jpg", printed)))
    assert shown.mode == "RGB"
    assert max(shown.getpixel((3, 3))) < 40


def test_a_drawing_is_seen_through_where_it_was():
    """A palette can say so for one colour."""
    shown = decode_picture("a.png", palette(), 30)
    assert (shown.mode, shown.getpixel((3, 3))[3]) == ("RGBA", 0)


WHOLE = [photo(40, 30), photo(40, 30, kind="PNG"), photo(40, 30, kind="WEBP"), palette(), moving("GIF")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 2**32))
def test_damaged_bytes_are_seen_or_refused_and_nothing_else(data, seed):
    """Whatever is changed in a file, cut from it or added: an asset comes back, and stripping it ends."""
    chance, broken = random.Random(seed), bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(broken))
        broken[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    asset = look_into(Asset("a.jpg", len(broken), "image/jpeg", 40, 30), bytes(broken))
    assert asset.damage in ("", "unreadable", "cut-off")
    if asset.is_marked and not asset.is_redrawn and broken[:2] == b"\xff\xd8":
        assert len(strip_notes("a.jpg", bytes(broken))) <= len(broken)
