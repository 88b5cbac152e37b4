"""``newsfeed preview``: the site with what is being written, in a browser, and again after every save."""

from __future__ import annotations

import os
import signal
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app.live_preview import LivePreview
from newsfeed.cli.output.terminal import print_lines, print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.cli.shown_preview import ShownPreview
from newsfeed.cli.watching import changes
from newsfeed.config import loader
from newsfeed.config.site_layout import CONFIG
from newsfeed.core.site import urls
from newsfeed.errors import OutsideError, ProblemsFound, reason_of
from newsfeed.marking import N_
from newsfeed.web.preview_server import PreviewServer

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """The options of ``newsfeed preview``."""

    port: int
    now: datetime | None
    opens: bool
    """Open the browser."""


def preview_site(context: CommandContext, options: PreviewOptions) -> None:
    """Show the preview, and bring it up to date after every change, until Ctrl-C or SIGTERM."""
    settings, problems = loader.load_settings(context.root)
    if not (context.root / CONFIG).exists():  # no mistake in a file that somebody will mend: another folder
        raise ProblemsFound(problems)
    base_path = urls.base_url_path(settings.site.base_url) if settings is not None else "/"
    moment = context.now(options.now)
    preview = LivePreview(context.root, moment, os.environ)
    if settings is not None:
        moment = moment.astimezone(settings.site.timezone)
    site = settings.site if settings is not None else None
    shown = ShownPreview(preview, moment, base_path, site.base_url if site else "")
    try:
        server = PreviewServer(
            preview.folder, options.port, base_path, shown.feed, shown, context.output(None)
        )
    except OSError as error:
        raise OutsideError(
            N_("port {port}: {reason}"),
            N_("choose another with --port"),
            port=str(options.port),
            reason=reason_of(error),
        ) from error
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        print_to_stderr(user_voice().say(N_("making the preview …")))
        for changed in changes(context.root):
            if changed is not None and not changed:
                continue
            shown.update(changed)
            if not shown.is_open:
                shown.is_open = True
                server.start()
                how_to_stop = user_voice().say(N_("stop with Ctrl-C"))
                print_lines([f"{server.address}   ({how_to_stop})"])
                if options.opens:
                    webbrowser.open(server.address)
    except KeyboardInterrupt:
        pass
    if shown.is_open:
        server.close()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
