"""A private Postfix and Dovecot: loopback ports, folders of their own, gone when the test ends.

Postfix takes mail for ``good.example`` (known mailboxes only) and ``test.example`` (the bounce mailbox),
and hands it to Dovecot; what goes to ``remote.example`` it passes on to a server that refuses it.
"""

import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.delivery.ports import free_port, listens
from tests.delivery.sites import wait_until
from tests.peers.need import need_command

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.test.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
smtputf8_enable = yes
virtual_mailbox_domains = good.example, test.example
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ remote.example=smtp:[127.0.0.1]:{remote} }}
default_transport = error:not from here
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
"""
_MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
_MAILBOXES = r"""/^(anna|bert|jürgen)@good\.example$/ here
/^bounces(\+[a-z2-7]+)?@test\.example$/ here
"""
_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class MailSystem:
    """Where it listens."""

    folder: Path
    smtp: int
    imap: int

    def mails(self, user: str, *search: str) -> list[bytes]:
        """What a user finds over IMAP."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=60) as client:
            client.login(user, "secret")
            client.select("INBOX", readonly=True)
            _, found = client.search(None, *(search or ("ALL",)))
            numbers = found[0].split()
            return [client.fetch(number.decode(), "(RFC822)")[1][0][1] for number in numbers]

    def log(self) -> str:
        """What Postfix and Dovecot said."""
        logs = (self.folder / "log", self.folder / "dovecot.log")
        return "".join(path.read_text("utf-8", "replace") for path in logs if path.exists())


@contextmanager
def mail_system(remote: int) -> Iterator[MailSystem]:
    """Start both; ``remote`` is the port where ``remote.example`` is served."""
    postfix, dovecot = need_command("postfix"), need_command("dovecot")
    if os.geteuid() != 0:
        pytest.skip("Postfix and Dovecot only start for root")
    folder = Path(tempfile.mkdtemp(prefix="newsfeed-postfix-"))
    folder.chmod(0o755)
    smtp, imap, lmtp = free_port(), free_port(), free_port()
    owner = pwd.getpwnam("mail")
    values = {"folder": folder, "smtp": smtp, "imap": imap, "lmtp": lmtp, "remote": remote}
    values |= {"user": owner.pw_uid, "group": owner.pw_gid}
    etc = folder / "etc"
    for name in ("etc", "queue", "data", "mail", "run"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "mail", "mail")
    (etc / "main.cf").write_text(_MAIN.format(**values), "utf-8")
    (etc / "master.cf").write_text(_MASTER.format(**values), "utf-8")
    (folder / "mailboxes").write_text(_MAILBOXES, "utf-8")
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**values), "utf-8")
    server = subprocess.Popen([dovecot, "-F", "-c", folder / "dovecot.conf"])
    try:
        subprocess.run([postfix, "-c", etc, "start"], check=True, capture_output=True)
        found = MailSystem(folder, smtp, imap)
        try:
            wait_until(lambda: all(map(listens, (smtp, imap, lmtp))))
            yield found
        finally:
            subprocess.run([postfix, "-c", etc, "stop"], check=False, capture_output=True)
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)
