"""Returned mails to read: `fixtures/*.eml`, with the tokens of a delivery of ours put in.

Those of Postfix are genuine, made by a server of its own; the others follow what is seen in mailboxes,
with reserved domains.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "fixtures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
TOKEN = "tokentokentokentokentokent"
"""Stands in the files where a return path has its token."""
ONE_CLICK = "leaveleaveleaveleavele"
"""Stands in the files where an unsubscribe link has its token."""
MESSAGE_ID = "<staff.20100208.en.3f2a9c71d0b84e5566aa01ff@example.org>"
"""Of our mail, as it stands in the files."""
READER = "jane.doe@example.net"


def letter(
    name: str,
    *,
    token: str = TOKEN,
    one_click: str = ONE_CLICK,
    message_id: str = MESSAGE_ID,
    line_end: bytes = b"\n",
) -> bytes:
    """The bytes of a file, with other tokens, Message-ID and line ends."""
    data = (FOLDER / f"{name}.eml").read_bytes()
    known = (
        (TOKEN, token),
        (TOKEN.upper(), token.upper()),
        (ONE_CLICK, one_click),
        (MESSAGE_ID, message_id),
    )
    for placeholder, given in known:
        data = data.replace(placeholder.encode(), given.encode())
    return data.replace(b"\n", line_end)
