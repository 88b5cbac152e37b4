"""Show a published site on this machine, as it is shown to the world; but browsers keep nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.app import web
from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.core.site import urls
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path


def serve_folder(root: Path, folder: Path, port: int) -> None:
    """Serve until interrupted, below the path that the site's own links begin with."""
    if not (folder / urls.INDEX).is_file():
        raise UsageError(N_("there is no site in {folder}"), N_("run newsfeed build first"), folder=folder)
    try:
        service = web.open_preview(root, folder, port, print_to_stderr)
    except OutsideError as error:
        raise OutsideError(error.sentence, N_("choose another with --port")) from error
    how_to_stop = user_voice().say(N_("stop with Ctrl-C"))
    address = f"http://127.0.0.1:{service.server.port}{service.published.base_path}"
    print_to_stderr(f"{address}   ({how_to_stop})")
    service.published.watch()
    try:
        service.server.run()
    except KeyboardInterrupt:
        print_to_stderr("")
