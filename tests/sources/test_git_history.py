"""The past of files, as git tells it."""

import os
import subprocess

from newsfeed.sources.git_history import read_files_at
from newsfeed.testing import write_tree


def test_files_are_read_as_a_commit_has_them(tmp_path, monkeypatch):
    """In a site below the top of a repository; what it does not have, and folders, are left out."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    top = tmp_path / "top"
    files = {"news/a.en.md": b"Old\n\nwords\n", "news/\xe4 b.md": b"", "news/gone.md": b"x" * 5000}
    write_tree(top / "site", files)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        names = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", "-C", top, *names, *words], check=True)
    (top / "site/news/gone.md").unlink()
    (top / "site/news/a.en.md").write_bytes(b"New")
    wanted = [*files, "news/new.md", "news", "news/a\nb.md"]
    assert read_files_at(top / "site", "HEAD", wanted) == files
    assert read_files_at(top / "site", "HEAD", []) == {}
