"""``[brand]``: logo, favicon, colour and social image, with what can be wrong about them."""

import pytest

from newsfeed.build.cache.fingerprint import environment_fingerprint
from newsfeed.config.loader import load_settings
from tests.pictures import LFS_POINTER, png

SITE = (
    '[site]\ntitle = "T"\nbase_url = "https://a.example/"\nlanguages = ["en"]\nauthority = "a.example,2020"\n'
)
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><path d="M0 0h9"/></svg>'
ICON = b"\0\0\1\0\1\0\x10\x10"


@pytest.fixture
def load(tmp_path):
    """Read a site with these lines in ``[brand]`` and these files beside it."""

    def load(lines, **files):
        (tmp_path / "config.toml").write_text(SITE + "[brand]\n" + lines)
        for name, data in {"logo.svg": LOGO, "card.png": png(1200, 630), **files}.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return load_settings(tmp_path)

    return load


def test_a_picture_is_named_after_what_is_in_it(load):
    """So that a copy is the same file, and another one never is."""
    settings, problems = load(
        'logo = "logo.svg"\nfavicon = "copy.svg"\nsocial_image = "card.png"', **{"copy.svg": LOGO}
    )
    assert not problems
    brand = settings.brand
    assert brand.logo.output == brand.favicon.output
    assert brand.logo.output.startswith("files/brand/")
    assert (brand.logo.width, brand.logo.height, brand.logo.media_type) == (240, 60, "image/svg+xml")
    assert (brand.social_image.width, brand.social_image.height) == (1200, 630)
    assert load('logo = "logo.svg"', **{"logo.svg": LOGO + b" "})[0].brand.logo.output != brand.logo.output


def test_there_may_be_a_logo_and_a_colour_for_dark_pages(load):
    """Each in a table."""
    text = 'logo = { light = "logo.svg", dark = "card.png" }\ncolour = { light = "#7a1f5c", dark = "#fab" }'
    settings, problems = load(text)
    assert not problems
    assert settings.brand.dark_logo.path == "card.png"
    assert (settings.brand.colour.light, settings.brand.colour.dark) == ("#7a1f5c", "#ffaabb")


def test_an_icon_of_windows_will_do_for_a_favicon(load):
    """Many sites have just that."""
    settings, problems = load('favicon = "favicon.ico"', **{"favicon.ico": ICON})
    assert not problems
    assert settings.brand.favicon.media_type == "image/x-icon"


@pytest.mark.parametrize(
    ("lines", "files", "expected"),
    [
        ('logo = "logo.png"', {}, "brand-missing"),
        ('logo = "logo.svg/x"', {}, "brand-missing"),
        ('logo = "words.png"', {"words.png": b"words"}, "brand-no-picture"),
        ('logo = "words.png"', {"words.png": LFS_POINTER}, "brand-no-picture"),
        ('social_image = "logo.svg"', {}, "brand-no-picture"),
        ('social_image = "i.ico"', {"i.ico": ICON}, "brand-no-picture"),
        ('logo = "a.svg"', {"a.svg": LOGO.replace(b"<path", b"<script/><path")}, "drawing-active"),
        ('logo = "a.svg"', {"a.svg": LOGO[:-3]}, "picture-unreadable"),
        ('logo = "a.png"', {"a.png": png()[:12]}, "picture-unreadable"),
        ('logo = "a.png"', {"a.png": png() + bytes(2_000_000)}, "brand-large"),
        ('logo = "../logo.svg"', {}, "brand-outside"),
        ('logo = "/etc/passwd"', {}, "brand-outside"),
        ('logo = "var/logo.svg"', {"var__logo.svg": LOGO}, "brand-outside"),
        ('logo = ".git/logo.svg"', {".git__logo.svg": LOGO}, "brand-outside"),
        ('logo = "."', {}, "brand-outside"),
        ('colour = "green"', {}, "config-value"),
        ('colour = "#ffcc00"', {}, "colour-faint"),
        ('colour = { light = "#7a1f5c", dark = "#222222" }', {}, "colour-faint"),
        ("colour = 7", {}, "config-type"),
        ('color = "#7a1f5c"', {}, "config-key-unknown"),
        ('logo = { bright = "logo.svg" }', {}, "config-key-unknown"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(load, lines, files, expected):
    """Each in the line below ``[brand]``."""
    _, problems = load(lines, **files)
    assert [(one.code, one.where.line) for one in problems] == [(expected, SITE.count("\n") + 2)]


def test_a_link_out_of_the_site_is_not_followed(load, tmp_path):
    """It could publish any file of the machine."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside.svg"
    outside.write_bytes(LOGO)
    (tmp_path / "link.svg").symlink_to(outside)
    assert [one.code for one in load('logo = "link.svg"')[1]] == ["brand-outside"]


def test_a_faint_colour_is_replaced_by_a_shade_that_can_be_read(load):
    """It is only a warning: the site stays readable."""
    settings, (problem,) = load('colour = "#ffcc00"')
    assert settings.brand.colour.light == dict(problem.params)["example"] != "#ffcc00"


def test_a_build_depends_on_the_files(load, tmp_path):
    """Another picture under the same name makes another environment; another file beside it does not."""
    load('logo = "logo.svg"')
    before = environment_fingerprint(tmp_path)
    (tmp_path / "card.png").write_bytes(png(8, 8))
    assert environment_fingerprint(tmp_path) == before
    (tmp_path / "logo.svg").write_bytes(LOGO + b" ")
    assert environment_fingerprint(tmp_path) != before
