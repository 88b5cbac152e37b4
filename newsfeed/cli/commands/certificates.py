"""``newsfeed subscribers certificate``: the proof of what one person agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.arguments import find_subscriber, parse_languages
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.certificates import print_certificate
from newsfeed.cli.output.terminal import print_lines
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@click.command(
    "certificate",
    cls=TranslatedCommand,
    help=N_("Check the chain of consents, and print what ADDRESS agreed to, with the proofs."),
)
@click.argument("address")
@json_option(N_("Print as JSON, with the pages as they were shown."))
@click.option("--html", "as_html", is_flag=True, help=N_("Print a page to be kept or printed."))
@click.option("--lang", default="", metavar="CODE", help=N_("The edition whose language the page speaks."))
@now_option(N_("The moment at which it is issued (ISO 8601)."))
@click.pass_obj
def certificate_command(
    context: CommandContext, address: str, lang: str, now: datetime | None, *, as_json: bool, as_html: bool
) -> int:
    """Run ``newsfeed subscribers certificate``."""
    from newsfeed.app.certificates import make_certificate, render_certificate

    with context.open_delivery() as delivery:
        settings, moment = delivery.settings, context.now(now)
        edition = parse_languages(settings, lang)[0] if lang else settings.site.default_language
        certificate = make_certificate(delivery, find_subscriber(delivery, address))
        if as_html:
            print_lines([render_certificate(delivery, certificate, edition, moment).rstrip("\n")])
        else:
            zone = settings.site.timezone
            print_certificate(certificate, moment, zone, user_voice(), as_json=as_json)
    return 0 if certificate.is_whole else 1
