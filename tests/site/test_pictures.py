"""Pictures as readers get them: upright, in several widths, without what cameras note."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from lxml import html
from PIL import Image, ImageCms

from newsfeed.app import site as app
from newsfeed.core.site.pages.context import ViewContext, make_mail_picture
from newsfeed.errors import ProblemsFound
from newsfeed.problems import select_errors
from newsfeed.render import pictures
from newsfeed.testing import CONFIG, an_item, write_tree
from tests.site.test_identity import page, said

NOW = datetime.fromisoformat("2026-06-01T12:00+00:00")
SIDEWAYS = 6
ORIENTATION, GPS = 0x0112, 0x8825


def photo(
    width: int = 700, height: int = 400, *, turned: int = 1, kind: str = "JPEG", **options: object
) -> bytes:
    """A picture that is red on the left and blue on the right, with the place where it was made."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    notes = Image.Exif()
    notes[ORIENTATION] = turned
    notes[0x010F] = "Camera of Ada"
    notes.get_ifd(GPS)[1] = "N"
    file = io.BytesIO()
    image.save(file, kind, exif=notes, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def story(name: str, image: str) -> str:
    """A story with an image."""
    return an_item(id=name, title=name, image=image, image_alt="Red and blue", date="2026-01-05")


def build(root: Path, output: str = "public") -> Path:
    """Build a site."""
    app.build(app.read(root, NOW), root / output, NOW)
    return root / output


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with pictures of all kinds."""
    frames = [Image.new("RGB", (700, 400), colour) for colour in ("red", "blue")]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    files: dict[str, str | bytes] = {"config.toml": CONFIG}
    for name, data in {
        "plain.jpg": photo(),
        "turned.jpg": photo(turned=SIDEWAYS),
        "noted.png": photo(kind="PNG"),
        "noted.webp": photo(kind="WEBP"),
        "small.jpg": photo(300, 200),
        "moving.gif": moving.getvalue(),
    }.items():
        files[f"news/{name}"] = data
        files[f"news/{name.replace('.', '-')}.en.md"] = story(name.replace(".", "-"), name)
    return write_tree(tmp_path / "site", files)


def image_of(made: Path, name: str) -> dict[str, str]:
    """The attributes of a story's image."""
    (image,) = page(made, f"en/news/2026/{name}").xpath("//figure/img")
    return dict(image.attrib)


def published(made: Path, address: str) -> bytes:
    """The file at an address."""
    return (made / address.removeprefix("/")).read_bytes()


def test_a_page_offers_a_picture_in_several_widths(root: Path) -> None:
    """Each is as wide as it is said to be, and all have the form that the page keeps free."""
    made = build(root)
    image = image_of(made, "plain-jpg")
    assert (image["width"], image["height"]) == ("700", "400")
    offers = [offer.split(" ") for offer in image["srcset"].split(", ")]
    assert [width for _, width in offers] == ["320w", "640w", "700w"]
    for address, width in offers:
        found = opened(published(made, address))
        assert (found.format, f"{found.width}w") == ("WEBP", width)
        assert found.height == pytest.approx(found.width * 4 / 7, abs=1)
    assert image["sizes"]


def test_what_is_small_or_moves_stays_as_it_is(root: Path) -> None:
    """There is nothing to choose from."""
    made = build(root)
    assert "srcset" not in image_of(made, "small-jpg")
    moving = image_of(made, "moving-gif")
    assert "srcset" not in moving
    assert published(made, moving["src"]) == (root / "news/moving.gif").read_bytes()


def test_a_picture_from_the_side_stands_upright(root: Path) -> None:
    """In every size: red was on the left, and is on top."""
    made = build(root)
    image = image_of(made, "turned-jpg")
    assert (image["width"], image["height"]) == ("400", "700")
    for address in (image["src"], image["srcset"].split(" ")[0]):
        found = opened(published(made, address)).convert("RGB")
        assert found.width < found.height
        top, bottom = (found.getpixel((found.width // 2, y)) for y in (5, found.height - 5))
        assert (top[0] > 200, top[2] < 50) == (True, True)
        assert (bottom[2] > 200, bottom[0] < 50) == (True, True)


@pytest.mark.parametrize("name", ["plain.jpg", "turned.jpg", "noted.png", "noted.webp", "small.jpg"])
def test_no_picture_tells_where_or_by_whom_it_was_made(root: Path, name: str) -> None:
    """Nor does any other file."""
    assert b"Camera of Ada" in (root / "news" / name).read_bytes()
    made = build(root)
    for path in (made / "files").rglob("*.*"):
        data = path.read_bytes()
        assert b"Camera of Ada" not in data, path
        assert not dict(opened(data).getexif()), path


def test_pixels_that_need_not_be_turned_stay_as_they_are(root: Path) -> None:
    """Only the notes go."""
    before = photo()
    after = pictures.strip_notes("a.jpg", before)
    assert opened(after).tobytes() == opened(before).tobytes()
    assert len(after) < len(before)


def test_colours_are_those_of_screens() -> None:
    """What another profile says is worked in, for other sizes come without."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    broken = photo(icc_profile=b"no profile")
    for data in (photo(icc_profile=profile.tobytes()), broken):
        image = pictures.decode_picture("a.jpg", data, 320)
        assert image.mode == "RGB"
        assert "icc_profile" not in opened(pictures.encode_picture(image, 320, "webp")).info


def test_a_transparent_picture_stays_transparent() -> None:
    """Dark pages shine through it."""
    file = io.BytesIO()
    Image.new("RGBA", (700, 400), (255, 0, 0, 0)).save(file, "PNG")
    small = opened(
        pictures.encode_picture(pictures.decode_picture("a.png", file.getvalue(), 320), 320, "webp")
    )
    assert small.convert("RGBA").getpixel((5, 5))[3] == 0


def test_a_picture_whose_end_is_missing_is_told_where_it_is_shown(root: Path) -> None:
    """An upload broke off."""
    (root / "news/plain.jpg").write_bytes(photo()[:900])
    (one,) = select_errors(app.read(root, NOW).problems)
    assert (one.code, one.where.path, one.where.line) == ("picture-cut-off", "news/plain-jpg.en.md", 5)


def test_a_picture_that_only_its_decoder_finds_damaged_is_told_there_too(root: Path) -> None:
    """When it is made smaller; nothing is published."""
    path = root / "news/noted.png"
    data = bytearray(path.read_bytes())
    middle = data.index(b"IDAT") + 40
    data[middle : middle + 8] = b"damaged!"
    path.write_bytes(data)
    assert not select_errors(app.read(root, NOW).problems)
    with pytest.raises(ProblemsFound) as found:
        build(root)
    (one,) = found.value.problems
    assert (one.code, one.where.path, one.where.line) == ("picture-unreadable", "news/noted-png.en.md", 5)


def test_the_same_pictures_are_the_same_bytes(root: Path) -> None:
    """In another folder, too."""
    one, other = build(root), build(root, "other")
    paths = sorted(path.relative_to(one) for path in one.rglob("*.webp"))
    assert paths
    assert [(one / path).read_bytes() for path in paths] == [(other / path).read_bytes() for path in paths]


def test_a_size_that_was_tampered_with_is_made_again(root: Path) -> None:
    """Its name alone proves nothing."""
    made = build(root)
    path = next(made.rglob("plain.jpg.*.320.webp"))
    before = path.read_bytes()
    path.write_bytes(before[:-1] + b"x")
    build(root)
    assert path.read_bytes() == before


def test_a_drawing_with_a_script_is_told_where_it_is_shown(root: Path) -> None:
    """With what it is, and the line in the drawing."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">\n<script/></svg>'
    write_tree(root, {"news/d.svg": drawing, "news/d.en.md": an_item("\n![A drawing](d.svg)\n", id="d")})
    (one,) = [one for one in app.read(root, NOW).problems if one.code == "drawing-active"]
    assert (one.where.path, dict(one.params)) == (
        "news/d.en.md",
        {"name": "d.svg", "value": "<script>", "line": "2"},
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, app.Site]:
    """A site with large pictures of all kinds, each also in its story's text."""
    clear, few = io.BytesIO(), io.BytesIO()
    Image.new("RGBA", (1500, 900), (255, 0, 0, 120)).save(clear, "PNG")
    Image.new("P", (1500, 900), 3).save(few, "PNG")
    pictures = {
        "wide.jpg": photo(1600, 900),
        "turned.jpg": photo(1600, 900, turned=SIDEWAYS),
        "small.jpg": photo(300, 200),
        "small.webp": photo(300, 200, kind="WEBP"),
        "clear.png": clear.getvalue(),
        "few.png": few.getvalue(),
        "print.jpg": photo_for_print(),
    }
    files: dict[str, str | bytes] = {"config.toml": CONFIG}
    for name, data in pictures.items():
        key = name.replace(".", "-")
        files |= {f"news/{name}": data, f"news/{key}.en.md": story(key, name) + f"\n![In the text]({name})\n"}
    root = write_tree(tmp_path_factory.mktemp("plain"), files)
    site = app.read(root, NOW)
    app.build(site, root / "public", NOW)
    return root / "public", site


def photo_for_print() -> bytes:
    """A picture in the colours of print."""
    file = io.BytesIO()
    Image.new("CMYK", (600, 400), (0, 255, 255, 0)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "shown", "kind", "size"),
    [
        ("wide.jpg", "wide.jpg.1200.jpg", "JPEG", (1200, 675)),
        ("turned.jpg", "turned.jpg", "JPEG", (900, 1600)),
        ("small.jpg", "small.jpg", "JPEG", (300, 200)),
        ("small.webp", "small.webp.1200.jpg", "JPEG", (300, 200)),
        ("clear.png", "clear.png.1200.png", "PNG", (1200, 720)),
        ("few.png", "few.png.1200.png", "PNG", (1200, 720)),
        ("print.jpg", "print.jpg", "JPEG", (600, 400)),
    ],
)
def test_feeds_get_a_picture_that_every_reader_shows(
    plain: tuple[Path, app.Site], name: str, shown: str, kind: str, size: tuple[int, int]
) -> None:
    """Of sensible width, as a story's image and in its text, with its size; networks are shown the same."""
    made, key = plain[0], name.replace(".", "-")
    items = {item["title"]: item for item in json.loads((made / "en/feed.json").read_text())["items"]}
    images = html.fromstring(items[key]["content_html"]).xpath("//img")
    address = f"https://test.example/files/news/{key}/{shown}"
    assert [image.get("src") for image in images] == [address, address]
    assert {(int(image.get("width")), int(image.get("height"))) for image in images} == {size}
    assert not [image for image in images if image.get("srcset")]
    picture = opened(published(made, f"/files/news/{key}/{shown}"))
    assert (picture.format, picture.size, picture.mode == "CMYK") == (kind, size, False)
    assert said(page(made, f"en/news/2026/{key}"))["og:image"] == address


@pytest.mark.parametrize(
    ("name", "shown", "size"),
    [
        ("wide.jpg", "wide.jpg.400.jpg", (400, 225)),
        ("turned.jpg", "turned.jpg.400.jpg", (400, 711)),
        ("small.jpg", "small.jpg", (300, 200)),
        ("clear.png", "clear.png.400.png", (400, 240)),
    ],
)
def test_mails_get_a_small_picture(
    plain: tuple[Path, app.Site], name: str, shown: str, size: tuple[int, int]
) -> None:
    """It is published beside the large one, under a name that stays."""
    made, site = plain
    key = name.replace(".", "-")
    context = ViewContext.of(site.plan.index, site.context.texts)
    language = site.settings.languages["en"]
    text = site.plan.index.shown_text(language, site.loaded.library.stories[key])
    assert text is not None
    picture = make_mail_picture(context, language, text)
    assert picture is not None
    assert (picture.src, picture.width, picture.height) == (
        f"https://test.example/files/news/{key}/{shown}",
        *size,
    )
    assert opened(published(made, f"/files/news/{key}/{shown}")).size == size


def test_a_picture_in_the_text_comes_in_its_sizes(plain: tuple[Path, app.Site]) -> None:
    """And keeps its place free while it loads."""
    (image,) = page(plain[0], "en/news/2026/wide-jpg").xpath("//div[contains(@class, 'text')]//p/img")
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("1600", "900", "lazy")
    widths = [offer.split(" ")[1] for offer in image.get("srcset").split(", ")]
    assert widths == ["320w", "640w", "960w", "1280w"]
    for offer in image.get("srcset").split(", "):
        assert published(plain[0], offer.split(" ")[0])
