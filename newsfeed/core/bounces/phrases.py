"""Know what mail servers say, in the words of many: why they refuse, and whether they try again.

Each pattern is looked for in a short text on one line, without its addresses; all need time that grows
with the length of the text only.
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# -- why a mail was refused ----------------------------------------------------------------------

LISTED = _any(
    r"(?:block|black|deny|reject)[ -]?list",
    r"\b(?:rbl|dnsbl|rhsbl|uribl|surbl)s?\b",
    r"spamhaus|spamcop|\bsorbs\b|barracudacentral|uceprotect",
    r"senderbase|senderscore|abuseat|mail-abuse\.",
    r"\b(?:is|are|was|currently) listed\b|\bist gelistet\b|\best list[ée]e?\b",
    r"reputation|sperrliste|liste noire",
    r"https?://\S{0,200}(?:[?&/](?:ip|query)[=/?]|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})",
)
"""The sender's server stands on a list."""
SENDER = _any(
    r"(?:\bsender|mail from|envelope from|return[- ]path|absender|expéditeur)\b.{0,60}"
    r"(?:reject|unknown|not found|invalid|verif|exist|denied|resol|blocked|refus|abgelehnt)",
    r"bad sender|callout",
)
"""The address that our mails come from is not liked."""
BUSY = _any(
    r"too many (?!hops)(?:\w+ ){0,3}(?:recipient|rcpt|user|connection|session|message|mail|e-?mail|delive)",
    r"too many (?:\w+ ){0,3}(?:error|invalid|bad|unknown|request|attempt)",
    r"too (?:fast|quickly|frequent|often)|too much (?:mail|e-?mail|traffic)",
    r"rate[ -]?limit|throttl|\b(?:sending|connection|message|mail) rate\b",
    r"(?:high|unusual) (?:rate|volume)|flood",
    r"(?:hourly|daily|sending|recipients?|messages?|connections?) (?:limit|quota)",
    r"limit (?:is |was |has been )?(?:exceeded|reached)",
    r"exceed\w* .{0,40}(?:per (?:hour|day|minute)|allowed (?:rate|number))",
    r"slow(?:ing)? down|gr[ae]y-?list",
    r"zu (?:viele|schnell|häufig)",
    r"trop (?:de (?:messages|connexions|destinataires)|vite|rapidement|souvent)",
)
"""A server takes so much of one sender, and no more for now."""
FULL = _any(
    r"(?:over|exceed\w*|out of|disk|mailbox|mail|storage|user|account|recipient).{0,20}\bquota",
    r"quota (?:is |has been |was )?(?:exceed|full|reach|überschritten|dépass)|\boverquota\b",
    r"(?:box|folder|account|storage|disk)\b.{0,30}\b(?:is |are |too )?full\b|full (?:mail)?box",
    r"(?:insufficient|not enough|no|out of) (?:\w+ )?(?:storage|disk|space)",
    r"storage (?:allocation|limit)|too many (?:messages|mails) (?:on|in|for)",
    r"too (?:large|big)|(?:message|mail) size|size limit|maximum .{0,20}size",
    r"receiving (?:e?mail|messages) (?:at a rate|too)|too many hops|mail loop",
    r"postfach.{0,30}(?:voll|überfüllt)|kontingent|speicherplatz",
    r"bo[iî]te.{0,40}(?:pleine|satur)|espace .{0,30}insuffisant",
    r"casella.{0,30}piena|buz[oó]n.{0,30}lleno|(?:postvak|mailbox).{0,20}\bvol\b",
)
"""No room for this mail in this mailbox, or on its way."""
PASSING = _any(
    r"temporar(?:y|ily)|try (?:again|later)|timed? ?out|server busy|service unavailable",
    r"connection (?:refused|reset|lost)|vorübergehend|später (?:erneut|noch)",
    r"temporairement|plus tard|tijdelijk",
)
"""It may be different tomorrow."""
DISLIKED = _any(
    r"\bspam|unsolicited|junk ?mail|\bvirus|malware|phish",
    r"\bpolic(?:y|ies)\b|richtlinie|politique",
    r"(?:network|host|server|\bip\b) .{0,20}not allowed",
    r"blocked (?:by|using|because|due|for|from|at|see)|\bbanned\b",
    r"block(?:ed|ing) (?:your|this|the|mail)",
    r"(?:\bip\b|\bhost\b|server|network|client|sender|connection|domain) .{0,40}(?:block|bann|refus|reject)",
    r"(?<!address rejected: )access denied|not (?:authori[sz]ed|allowed to send|permitted to)|prohibit",
    r"authentication (?:is )?required|\b(?:spf|dkim|dmarc|ptr|rdns|helo|ehlo)\b",
    r"reverse (?:dns|lookup|hostname)",
    r"relay(?:ing)? (?:access )?(?:denied|not)|(?:unable|not|cannot|refus\w*) (?:to )?relay",
    r"(?:message|mail|content|nachricht) (?:was |has been |wurde )?(?:rejected|refused|blocked|abgelehnt)",
)
"""The sender or the message is not liked. Refusals of unknown people may say such things, too."""
UNKNOWN = _any(
    r"(?:user|recipient|mailbox|address|account|customer).{0,40}(?:unknown|not found|invalid)",
    r"(?:unknown|no such|invalid|non-?existent) (?:local )?(?:user|recipient|mailbox|address|account|person)",
    r"n[o']t exist|not a (?:known|valid) (?:user|recipient|mailbox)|recip\w{0,8}not ?found",
    r"no mailbox here|unbekannt|existiert nicht|inconnu|n'existe pas|onbekend|bestaat niet",
)
"""Nobody has this address."""

# -- what a notice announces ---------------------------------------------------------------------

RETRIES = _any(
    r"will (?:be retried|retry|be (?:re)?tried|(?:keep|continue) (?:on )?(?:trying|to (?:try|be)))",
    r"attempts will continue|not yet (?:been )?delivered|no action is required|not need to resend",
    r"could not send message for past",
    r"noch nicht zugestellt|weitere[nr]? (?:zustell)?versuch|weiter(?:hin)? versuch",
    r"pas encore (?:pu )?(?:être|été)|nouvelles tentatives|nog niet (?:bezorgd|afgeleverd)",
)
"""The mail is on its way still."""
DELAYED = _any(r"delay|\bwarning\b|verzöger|\bretard|différée?\b|vertraagd|vertraging")
"""It takes long; alone this proves nothing."""
FINAL = _any(
    r"permanent|giv(?:en|ing) up|gave up|final(?:ly)? failed|will not be retried|no longer|expired",
    r"endgültig|aufgegeben|définitive|abandonn|opgegeven|definitief",
)
"""No further try."""
FAILED = _any(
    r"undeliver(?:able|ed)|(?:not|n[o']t) (?:be |been )?deliver|delivery .{0,40}fail|failure notice",
    r"fail(?:ed|ure) .{0,20}deliver|unable to deliver|did(?: not|n't) reach|n[o']t be sent",
    r"returned (?:mail|to sender|message)|permanent (?:fatal )?error",
    r"unzustellbar|nicht (?:zugestellt|ausgeliefert|übermittelt)",
    r"zustell\w* .{0,40}(?:fehlgeschlagen|gescheitert)",
    r"non[ -]?(?:remis|distribu|délivr)|échec",
    r"(?:être|été) (?:remis|délivré|distribué|livré|transmis|acheminé)",
    r"onbestelbaar|niet (?:worden )?(?:bezorgd|afgeleverd)",
    r"no se (?:ha podido|pudo) entregar|impossibile recapitare",
)
"""The mail did not arrive."""
SUBJECTS = _any(
    r"^undeliver|^returned mail|^failure notice|^mail (?:delivery|system) (?:fail|error|problem)",
    r"^(?:permanent )?delivery (?:status notification|failure|notification|error|problem|has failed|failed)",
    r"^non-?deliver|^mail failure|^mail could not be delivered|^message (?:not|could not be) delivered",
    r"^unzustellbar|^nicht zustellbar|^zustellung .{0,30}fehlgeschlagen|^message non remis|^onbestelbaar",
)
"""Titles that servers give failures, and people do not."""
QUESTION = _any(
    r"captcha|challenge|whitelist|click|verify (?:that )?you|(?:please|to) (?:confirm|verify)",
    r"bestätigen|confirmez",
)
"""The sender is asked to do something first: that is no verdict, whoever writes it."""
