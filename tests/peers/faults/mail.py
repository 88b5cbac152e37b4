"""Faults for the mail sample."""

from .fault import Fault

_SUBJECT = "Subject: =?utf-8?q?Nachrichten_f=C3=BCr_Februar?=\r\n"
_LEAVE = "<https://news.example/u/4f2a>,\r\n <mailto:leave@news.example>"
_PLAIN = 'text/plain; charset="utf-8"'
_HTML = 'text/html; charset="utf-8"'
_PART_HEADERS = "\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Language: de\r\n\r\n"
_QP = "quoted-printable\r\n"
_P = "<p><img"
_LENGER = "https://news.example/de/2010/lenger/\r\n"
_VIDEOS = "Neue Videos\r\nhttps://news.example/de/2010/videos/\r\n"
_WIDE = "Etwa 30 Personen nahmen teil und lernten zwei Tage lang, "
_PART_LANGUAGE = "Content-Language: de\r\n\r\nSchulung"

MAIL_FAULTS = (
    Fault("no From", "From:", "X-From:", "it has no From"),
    Fault("no To", "To:", "X-To:", "it has no To"),
    Fault("no Date", "Date:", "X-Date:", "it has no Date"),
    Fault("no Message-ID", "Message-ID:", "X-ID:", "it has no Message-ID"),
    Fault("no Subject", "Subject:", "X-Subject:", "it has no Subject"),
    Fault("two subjects", _SUBJECT, f"{_SUBJECT}Subject: Noch eine\r\n", "'subject'"),
    Fault("wrong weekday", "Fri, 05", "Thu, 05", "was a Fri"),
    Fault("date without zone", "08:00:00 +0100", "08:00:00", "English date with a zone"),
    Fault("unknown zone", "08:00:00 +0100", "08:00:00 -0000", "no known zone"),
    Fault("Message-ID without brackets", "<2010-02-05", "2010-02-05", "Message-ID is"),
    Fault("recipient without host", "reader@reader.example", "reader", "To has the"),
    Fault("umlaut in a header", "_Februar?=", "_Februar?= Grüße", "not ASCII"),
    Fault(
        "long encoded-word",
        "Nachrichten_",
        "Nachrichten_" + 30 * "=C3=BC",
        "encoded-word over 75",
    ),
    Fault("encoded-words run together", "_Februar?=", "?==?utf-8?q?x?=", "broken encoded"),
    Fault("blank in an encoded-word", "Nachrichten_", "Nachrichten ", "broken encoded"),
    Fault("encoded Message-ID", "<2010-02-05.de", "<=?utf-8?q?2010?=", "is encoded"),
    Fault("encoded List-Unsubscribe", _LEAVE, "=?utf-8?q?=3Chttps=3A?=", "e is encoded"),
    Fault("encoded list identifier", "<news-de.", "<=?utf-8?q?d?=.", "List-Id has"),
    Fault("List-Unsubscribe without brackets", _LEAVE, "https://a.example/", "other than"),
    Fault("one-click by mail only", "<https://news.example/u/4f2a>,", "", "exactly one"),
    Fault("one-click misspelt", "=One-Click", "=OneClick", "List-Unsubscribe-Post is"),
    Fault("bare line feed", "Etwa 30 Personen nahmen teil.\r\n", "Etwa 30\n", "CRLF"),
    Fault("endless line", "Etwa", "Etwa" + 1000 * "x", "longer than 998 bytes"),
    Fault("no language", "Content-Language: de\r\nMIME", "MIME", "Language is missing"),
    Fault("part without language", _PART_LANGUAGE, "\r\nSchulung", "Language is missing"),
    Fault("part in another language", "age: de\r\n\r\nS", "age: fr\r\n\r\nS", "differ"),
    Fault("not alternative", "multipart/alternative", "multipart/mixed", "multipart/mixed"),
    Fault("HTML only", _PLAIN, _HTML, "not text first and HTML last"),
    Fault("text only", _HTML, _PLAIN, "not text first and HTML last"),
    Fault("Latin-1", _PLAIN, _PLAIN.replace("utf-8", "iso-8859-1"), "charset is"),
    Fault("bytes that are not UTF-8", ": =E2", ":=E4 =E2", "not UTF-8"),
    Fault(
        "empty text",
        f"{_PLAIN}{_PART_HEADERS}",
        f"{_PLAIN}{_PART_HEADERS}\r\n--=_b\r\nContent-Type: application/x\r\n\r\n",
        "text/plain: it is empty",
    ),
    Fault("sent as 8bit", _QP, "8bit\r\n", "sent as 8bit"),
    Fault("markup in the text", "Etwa 30", "<b>Etwa</b> 30", "text/plain: it has markup"),
    Fault("wide line", "Etwa", _WIDE + "=\r\n" + _WIDE, "wider than 78 columns"),
    Fault(
        "unstuffed flowed line",
        f"{_PLAIN}{_PART_HEADERS}",
        f"{_PLAIN}; format=flowed{_PART_HEADERS}From Lenger\r\n",
        "not space-stuffed",
    ),
    Fault("HTML without language", ' lang=3D"de"', "", "html lang is missing"),
    Fault("HTML in another language", ' lang=3D"de"', ' lang=3D"fr"', "html lang is fr"),
    Fault(
        "clipped HTML",
        _P,
        "<p>" + 5000 * "ein langer Satz =\r\n\r\n" + "<img",
        "clipped",
    ),
    Fault("script", _P, f"<script>1</script>{_P}", "has a script"),
    Fault("form", _P, f"<form></form>{_P}", "<form> has no place"),
    Fault(
        "remote picture",
        'src=3D"https://news.example/',
        'src=3D"https://a.example/',
        "loads",
    ),
    Fault(
        "remote background",
        _P,
        '<p style=3D"background:url(https://a.example/b)"><img',
        "loads",
    ),
    Fault(
        "remote font",
        "<title>",
        "<style>@import 'https://a.example/f';</style><title>",
        "loads",
    ),
    Fault("tracking pixel", 'width=3D"300"', 'width=3D"1" height=3D"1"', "tracking pixel"),
    Fault("styled pixel", 'width=3D"300"', 'style=3D"width:1px"', "tracking pixel"),
    Fault("picture without alt", ' alt=3D""', "", "no alt text"),
    Fault("relative link", 'href=3D"https://news.example/u', 'href=3D"/u', "relative"),
)

PARTS_FAULTS = (
    Fault("item only in HTML", _VIDEOS, "", "only the HTML part links .*videos"),
    Fault(
        "item only in text",
        _VIDEOS,
        f"https://a.example/\r\n{_VIDEOS}",
        "only the text",
    ),
    Fault(
        "another link",
        "10/lenger/\r",
        "10/Lenger/\r",
        "only the HTML part links .*lenger",
    ),
    Fault("another title", "Neue Videos\r", "Videos\r", "the title 'Neue Videos'"),
    Fault("another order", "Schulung", f"{_VIDEOS}Schulung", "in another order"),
    Fault("titles swapped", "Neue Videos\r", "Schulung\r", "the title 'Neue Videos'"),
    Fault(
        "leave link only in HTML",
        "<https://news.example/u/4f2a>\r\n--",
        "-\r\n--",
        "links .*/u/",
    ),
)
