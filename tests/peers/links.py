"""Dead links of a published tree, found by linkinator."""

import json
from pathlib import Path

from .need import NODE_MODULES, need_command, need_npm
from .process import attempt

OUTSIDE = r"^https?://(?!localhost|127\.0\.0\.1)"


def dead_links(folder: Path) -> list[str]:
    """Links and images that lead nowhere, on the pages reached from the front page.

    Nothing outside the folder is asked for.
    """
    need_npm("linkinator")
    linkinator = [need_command("node"), NODE_MODULES / ".bin" / "linkinator"]
    options = ["--recurse", "--skip", OUTSIDE, "--format", "json"]
    report = json.loads(attempt([*linkinator, folder, *options]).stdout)
    return [
        f"{link.get('parent', folder)} leads to {link['url']}: {link['status']}"
        for link in report["links"]
        if link["state"] == "BROKEN"
    ]
