"""Groups of receivers that are known without any configuration.

docs/deliverability.md says of each number where it comes from: what receivers publish, or what has proved
cautious enough. A new group needs a row there too.
"""

from __future__ import annotations

from newsfeed.service_settings import ReceiverGroup, ReceiverLimits

SHIPPED_GROUPS = (
    ReceiverGroup(
        name="orange",
        mx=("smtp-in.orange.fr", "smtp-in2.orange.fr"),
        domains=("orange.fr", "wanadoo.fr"),
        limits=ReceiverLimits(connections=2, messages=100),
    ),
    ReceiverGroup(
        name="free",
        mx=("free.fr",),
        domains=("free.fr",),
        limits=ReceiverLimits(connections=2, messages=50, most_unknown=0.02),
    ),
    ReceiverGroup(
        name="laposte",
        mx=("laposte.net",),
        domains=("laposte.net",),
        limits=ReceiverLimits(connections=2, messages=100),
    ),
    ReceiverGroup(
        name="gmx",
        mx=("gmx.net", "web.de", "mail.com"),
        domains=("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "gmx.fr", "web.de", "mail.com"),
        limits=ReceiverLimits(connections=5, messages=100),
    ),
    ReceiverGroup(
        name="t-online",
        mx=("t-online.de",),
        domains=("t-online.de", "magenta.de"),
        limits=ReceiverLimits(connections=3, messages=50),
    ),
    ReceiverGroup(
        name="kpn",
        mx=("kpnmail.nl",),
        domains=("kpnmail.nl", "planet.nl", "hetnet.nl", "telfort.nl"),
        limits=ReceiverLimits(connections=3, messages=50),
    ),
    ReceiverGroup(
        name="ziggo",
        mx=("ziggo.nl", "mail.iss.as9143.net"),
        domains=("ziggo.nl", "home.nl", "upcmail.nl", "casema.nl", "chello.nl"),
        limits=ReceiverLimits(connections=3, messages=50),
    ),
    ReceiverGroup(
        name="gmail",
        mx=("google.com", "googlemail.com"),
        domains=("gmail.com", "googlemail.com"),
        limits=ReceiverLimits(connections=5, messages=50),
    ),
    ReceiverGroup(
        name="microsoft",
        mx=("olc.protection.outlook.com",),
        domains=(
            *(
                "outlook.com",
                "outlook.de",
                "outlook.fr",
                "hotmail.com",
                "hotmail.de",
                "hotmail.fr",
                "hotmail.nl",
            ),
            *("live.com", "live.de", "live.fr", "live.nl", "msn.com"),
        ),
        limits=ReceiverLimits(connections=5, messages=50),
    ),
    ReceiverGroup(
        name="microsoft365",
        mx=("mail.protection.outlook.com", "mx.microsoft"),
        limits=ReceiverLimits(connections=5, messages=50),
    ),
    ReceiverGroup(
        name="yahoo",
        mx=("yahoodns.net",),
        domains=("yahoo.com", "yahoo.fr", "yahoo.de", "ymail.com", "rocketmail.com", "aol.com"),
        limits=ReceiverLimits(connections=5, messages=20),
    ),
)
