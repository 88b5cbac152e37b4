"""The form as people use it: a browser opens the folder of a site, writes into it, and nobody else is asked.

The folder is the browser's own (its origin-private file system), in the place of the one that a person picks.
"""

import base64
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsfeed.app.web import open_preview
from tests.cli.command import newsfeed
from tests.editorial.form_program import give_program
from tests.peers.browser import Browser, browse, browse_at
from tests.pictures import png

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]
PICK = "window.showDirectoryPicker = () => navigator.storage.getDirectory();"
SEED = """
async (files) => {
  const top = await navigator.storage.getDirectory();
  await top.getDirectoryHandle(".git", { create: true });
  for (const [path, data] of Object.entries(files)) {
    const names = path.split("/");
    let folder = top;
    for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
    const file = await (await folder.getFileHandle(names.at(-1), { create: true })).createWritable();
    await file.write(Uint8Array.from(atob(data), (one) => one.charCodeAt(0)));
    await file.close();
  }
}
"""
READ = """
async () => {
  let found = {};
  const walk = async (folder, above) => {
    for await (const [name, one] of folder.entries()) {
      if (one.kind === "directory") await walk(one, `${above}${name}/`);
      else found[above + name] = btoa(String.fromCharCode(...new Uint8Array(await (await one.getFile()).arrayBuffer())));
    }
  };
  // A file that is just being replaced is gone for a moment: then all is read once more.
  for (let round = 0; ; round++) {
    try {
      await walk(await navigator.storage.getDirectory(), "");
      return found;
    } catch (error) {
      if (error.name !== "NotFoundError" || round === 50) throw error;
      found = {};
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
"""
FOLDERS = ("news", "projects", "programmes", "pages")
STORY = {
    "news/2026/well.en.md": (
        "---\nid: first-well\ndate: 2026-01-12\nauthors: [Ada Example, {name: Bo Example, role: Photos}]\n"
        "topics: [water]\ncountries: [NO]\ntitle: 'A well: the first'\nsummary: Forty families have water.\n---\n\n"
        "It is *deep*. See [the school](school.en.md).\n\n* one\n* two\n   1. deeper\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n"
    ),
    "news/2026/well.de.md": (
        '---\n# found by Ada\ntitle:   "Ein Brunnen"\nsummary: >-\n  Vierzig Familien\n  haben Wasser.\nslug: ein-brunnen\n---\n'
        "Er ist *tief*.\n\n* eins\n* zwei\n\n|a|b|\n|-|-|\n|1|2|\n"
    ),
    "news/2026/school.en.md": "---\nid: school\ndate: 2026-01-13 14:30\ntitle: A school\n---\n\nIt has a roof.\n",
    "news/2025/well.en.md": "---\nid: old-well\ndate: 2025-01-12\ntitle: An old well\n---\n\nIt is dry.\n",
}
"""Two stories of one name in two years; a translation written in a way of its own."""


@dataclass(frozen=True)
class Desk:
    """A site with a form, open in a browser."""

    site: Path
    browser: Browser

    def open(self, *names: str) -> None:
        """Go to a text over the folders that lead to it."""
        for name in names[:-1]:
            self.browser.tab.get_by_role("treeitem", name=name).first.click()
        self.browser.tab.get_by_text(names[-1], exact=True).last.click()
        self.browser.tab.get_by_role("button", name="Save").wait_for()

    def pane(self, language: str) -> Any:
        """The half of the editor with the text in a language."""
        return self.browser.tab.get_by_role("group", name=f"Edit \u2068{language}\u2069 Content")

    def save(self) -> None:
        """Save, and wait until that is done."""
        self.browser.tab.get_by_role("button", name="Save").click()
        self.browser.tab.get_by_text("saved", exact=False).first.wait_for()

    def wait_for_file(self, path: str, content: bytes) -> None:
        """Wait until the browser's folder has a file: pictures are written beside the texts."""
        expected = base64.b64encode(content).decode()
        for _ in range(100):
            if self.browser.ask(READ).get(path) == expected:
                return
            self.browser.tab.wait_for_timeout(100)
        pytest.fail(f"{path} is not written")

    def changes(self) -> dict[str, str]:
        """Read what the browser's folder has; returns the files that are not as they were."""
        found = {path: base64.b64decode(data) for path, data in self.browser.ask(READ).items()}
        before = {path: (self.site / path).read_bytes() for path in list_files(self.site)}
        assert before.keys() <= found.keys(), "a file is gone"
        return {path: data.decode() for path, data in found.items() if before.get(path) != data}

    def bring_home(self) -> tuple[int, str]:
        """Put what was changed into the site's folder; returns what ``newsfeed check`` says of it."""
        for path, text in self.changes().items():
            (self.site / path).parent.mkdir(parents=True, exist_ok=True)
            (self.site / path).write_text(text, encoding="utf-8")
        checked = newsfeed("check", cwd=self.site)
        return checked.returncode, checked.stdout


def list_files(site: Path) -> list[str]:
    """The files of a site's texts, as paths in it."""
    paths = (path for folder in FOLDERS for path in (site / folder).rglob("*") if path.is_file())
    return [path.relative_to(site).as_posix() for path in paths]


def write_form(site: Path, given: Path) -> None:
    """Write the form. `given`: a file with the words that name the program's archives."""
    made = newsfeed("editor", *given.read_text().splitlines(), cwd=site)
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small site with a form."""
    site = tmp_path_factory.mktemp("desk") / "site"
    assert newsfeed("init", str(site)).returncode == 0
    shutil.rmtree(site / "news")
    config = (site / "config.toml").read_text()
    (site / "config.toml").write_text(config.replace('["en", "de"]', '["en", "de", "fr"]'))
    for path, text in STORY.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    assert newsfeed("check", cwd=site).returncode == 0, newsfeed("check", cwd=site).stdout
    assert newsfeed("build", cwd=site).returncode == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(site.parent / "cache"))
        (site.parent / "given").write_text("\n".join(give_program(site.parent, patch)))
        write_form(site, site.parent / "given")
        yield site


@pytest.fixture
def desk(published: Path, tmp_path: Path) -> Iterator[Desk]:
    """The form in a browser that has the site's texts; it asked nobody else."""
    site = tmp_path / "site"
    shutil.copytree(published, site)
    service = open_preview(site, site / "public", 0, print)
    service.server.start()
    try:
        with browse_at(f"http://127.0.0.1:{service.server.port}") as browser:
            browser.tab.set_viewport_size(
                {"width": 1280, "height": 2400}
            )  # what is out of sight is not there yet
            browser.run_first(PICK)
            browser.open("admin/problems.html")
            browser.tab.evaluate(
                SEED,
                {path: base64.b64encode((site / path).read_bytes()).decode() for path in list_files(site)},
            )
            browser.open("admin/")
            browser.tab.get_by_role("button", name="Work with Local Repository").click()
            yield Desk(site, browser)
            assert browser.unwanted == ()
            assert not [one for one in browser.complaints if "Security Policy" in one]
    finally:
        service.server.stop()


def test_a_story_is_changed_and_translated(desk: Desk) -> None:
    """The check is clean; of the texts that nobody touched, each byte is as it was."""
    desk.open("2026", "A well: the first")
    desk.pane("English").get_by_role("textbox", name="Summary").fill("Fifty families have water.")
    desk.browser.tab.get_by_role("radio", name="French").last.click()
    desk.browser.tab.get_by_role("button", name="Enable").click()
    french = desk.pane("French")
    french.get_by_role("textbox", name="Title").fill("Un puits : le premier")
    french.get_by_role("textbox", name="Text", exact=True).fill("Il est profond.")
    desk.save()
    changed = desk.changes()
    before = STORY["news/2026/well.en.md"]
    assert changed == {
        "news/2026/well.en.md": before.replace(
            "summary: Forty families have water.", "summary: Fifty families have water."
        ),
        "news/2026/well.fr.md": '---\ntitle: "Un puits : le premier"\n---\n\nIl est profond.\n',
    }
    status, said = desk.bring_home()
    assert status == 0, said


def test_a_new_story_has_an_id_and_lies_in_the_folder_of_its_year(desk: Desk) -> None:
    """The year is that of its date."""
    desk.browser.tab.get_by_role("button", name="Create New Entry").first.click()
    english = desk.pane("English")
    english.get_by_role("textbox", name="Title").fill("Water for Aksu")
    english.get_by_role("textbox", name="Text", exact=True).fill("It flows.")
    english.get_by_role("textbox", name="Date").fill("2027-02-03T08:00")
    desk.save()
    text = "---\nid: water-for-aksu\ndate: 2027-02-03\ntitle: Water for Aksu\n---\n\nIt flows.\n"
    assert desk.changes() == {"news/2027/water-for-aksu.en.md": text}
    status, said = desk.bring_home()
    assert status == 0, said


def test_a_translation_that_is_half_filled_is_refused_by_the_form(desk: Desk) -> None:
    """Title and text are needed in each language that was begun; nothing is written without."""
    desk.open("2026", "A school")
    desk.browser.tab.get_by_role("radio", name="French").last.click()
    desk.browser.tab.get_by_role("button", name="Enable").click()
    desk.pane("French").get_by_role("textbox", name="Title").fill("Une école")
    desk.browser.tab.get_by_role("button", name="Save").click()
    desk.browser.tab.get_by_text("One field has an error").first.wait_for()
    assert desk.changes() == {}


def test_a_picture_goes_beside_its_story_and_the_check_asks_for_words_about_it(desk: Desk) -> None:
    """The form cannot know that each language needs them: the check refuses."""
    picture = png(40, 30)
    desk.open("2026", "A well: the first")
    tab = desk.browser.tab
    tab.get_by_role("button", name="Browse").first.click()
    file = {"name": "well.png", "mimeType": "image/png", "buffer": picture}
    tab.locator("input[type=file]").last.set_input_files(file)
    tab.get_by_role("dialog").get_by_role("button", name="Insert").click()
    tab.get_by_role("dialog").wait_for(state="hidden")
    desk.pane("English").locator("img[src^='blob:']").first.wait_for()
    desk.pane("English").get_by_role("textbox", name="What the picture shows").fill("A well")
    desk.save()
    desk.wait_for_file("news/2026/well.png", picture)
    (desk.site / "news/2026/well.png").write_bytes(picture)
    before = STORY["news/2026/well.en.md"]
    changed = before.replace("title: 'A", "image: well.png\ntitle: 'A")
    changed = changed.replace("water.\n---", "water.\nimage_alt: A well\n---")
    assert desk.changes() == {"news/2026/well.en.md": changed}
    status, said = desk.bring_home()
    assert status == 1
    [error] = [line for line in said.splitlines() if ": error: " in line]
    assert error.startswith("news/2026/well.de.md:")
    assert error.endswith("[image-alt-missing]")


def test_who_signs_in_talks_with_the_forge_and_nobody_else(published: Path, tmp_path: Path) -> None:
    """A forge that answers to the token and has no repository; what the policy forbids would be complained of."""
    site = tmp_path / "site"
    shutil.copytree(published, site)
    with (site / "config.toml").open("a") as config:
        config.write('\n[publish]\nrepository = "https://github.com/team/site.git"\n')
    write_form(site, published.parent / "given")
    service = open_preview(site, site / "public", 0, print)
    service.server.start()
    asked = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        user = {"id": 1, "login": "ada", "name": "Ada", "email": "ada@example.org"}
        body = json.dumps(user if asked[-1].endswith("/user") else {"data": {"repository": None}})
        allowed = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}
        route.fulfill(status=200, headers=allowed, content_type="application/json", body=body)

    try:
        with browse_at(f"http://127.0.0.1:{service.server.port}") as browser:
            browser.tab.context.route(re.compile("^https://"), answer)
            browser.open("admin/")
            browser.tab.get_by_role("button", name="Sign In Using Access Token").click()
            browser.tab.get_by_role("textbox", name="Personal Access Token").fill("t0ken")
            browser.tab.get_by_role("button", name="Sign In", exact=True).click()
            browser.tab.get_by_text("doesn’t exist", exact=False).first.wait_for()
            assert not [one for one in browser.complaints if "Security Policy" in one]
    finally:
        service.server.stop()
    assert "https://api.github.com/user" in asked
    assert {urlsplit(one).hostname for one in asked} == {"api.github.com"}


def test_the_list_of_problems_can_be_read_by_everybody(published: Path, tmp_path: Path) -> None:
    """Wide and narrow, light and dark; the form leads there, and it leads back."""
    site = tmp_path / "site"
    shutil.copytree(published, site)
    broken = "---\nid: broken\ndate: 2026-01-14\ntitle: x\nimage: none.jpg\n---\n\nx\n"
    (site / "news/2026/broken.en.md").write_text(broken)
    write_form(site, published.parent / "given")
    with browse(site / "public") as browser:
        browser.open("admin/")
        browser.wait_for("#problems.error:not([hidden])")
        with browser.tab.expect_popup() as opened:
            browser.tab.locator("#problems").click()
        opened.value.locator("main ol li").first.wait_for()
        browser.open("admin/problems.html")
        browser.wait_for("main ol li")
        assert "news/2026/broken.en.md:5" in browser.tab.locator("main").inner_text()
        views = browser.look("admin/problems.html")
        assert [(view.violations, view.fits, view.foreign) for view in views] == [((), True, ())] * 4
        browser.tab.get_by_role("link", name="Back to the form").click()
        browser.wait_for("#nc-root *")
