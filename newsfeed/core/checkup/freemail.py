"""Domains of mail providers for everybody: whoever writes from there cannot publish anything in their DNS."""

from __future__ import annotations

_NAMES = (
    "aol.com bluewin.ch caramail.com comcast.net email.de fastmail.com free.fr freenet.de gmail.com "
    "gmx.at gmx.ch gmx.de gmx.fr gmx.net googlemail.com hetnet.nl home.nl hotmail.be hotmail.com "
    "hotmail.de hotmail.fr hotmail.nl icloud.com kpnmail.nl laposte.net libero.it live.be live.com "
    "live.de live.fr live.nl mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com neuf.fr "
    "numericable.fr online.nl orange.fr outlook.be outlook.com outlook.de outlook.fr outlook.nl "
    "planet.nl posteo.de posteo.net proton.me protonmail.com seznam.cz sfr.fr skynet.be t-online.de "
    "telenet.be tiscali.it tuta.com tutanota.com upcmail.nl voo.be wanadoo.fr web.de wp.pl xs4all.nl "
    "yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.ru ymail.com zeelandnet.nl ziggo.nl zoho.com "
    "zonnet.nl "
)
FREEMAIL = frozenset(_NAMES.split())
"""The large ones, above all of the languages that newsfeed speaks."""

_EXAMPLES = ("example.com", "example.net", "example.org", "example", "invalid")
"""Names that are nobody's (RFC 2606): a demo site has them, and there is nothing to ask."""


def is_freemail(domain: str) -> bool:
    """Tell whether everybody can have an address there."""
    return domain.lower() in FREEMAIL


def is_example(name: str) -> bool:
    """Tell whether a name is set aside for examples."""
    return any(f".{name.lower()}".endswith(f".{one}") for one in _EXAMPLES)
