"""Three programs that verify DKIM signatures, each without DNS: records are given."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.peers.need import need_command, need_module

_PERL = """
use strict; use warnings; use Mail::DKIM::Verifier; use Net::DNS;
my ($records, $mail) = @ARGV; my %txt;
open my $f, '<', $records or die; while (<$f>) { chomp; my ($n, $v) = split / /, $_, 2; $txt{$n} = $v; }
{ package Given; sub new { bless {}, shift }
  sub send { my ($self, $name, $type) = @_; my $p = Net::DNS::Packet->new($name, 'TXT');
    $p->push(answer => Net::DNS::RR->new(name => $name, type => 'TXT', txtdata => [$txt{$name} =~ /(.{1,250})/g])) if $txt{$name};
    return $p } sub errorstring { 'NXDOMAIN' } }
Mail::DKIM::DNS::resolver(Given->new);
my $v = Mail::DKIM::Verifier->new; open my $m, '<:raw', $mail or die;
while (<$m>) { s/\\r?\\n$/\\r\\n/; $v->PRINT($_) } $v->CLOSE;
print join(',', map { $_->result } $v->signatures), "\\n";
"""


def dkimpy(mail: bytes, records: Mapping[str, str], index: int = 0) -> bool:
    """Whether dkimpy verifies the signature at an index."""
    dkim = need_module("dkim")
    need_module("nacl")

    def fetch(name: bytes, timeout: int = 5) -> bytes:
        return records.get(name.decode().rstrip("."), "").encode()

    try:
        return bool(dkim.DKIM(mail, minkey=1024).verify(idx=index, dnsfunc=fetch))
    except dkim.DKIMException:
        return False


def opendkim(mail: bytes, records: Mapping[str, str], folder: Path) -> bool:
    """Whether OpenDKIM verifies all signatures; its exit status is 0 in any case."""
    config, data, path = folder / "opendkim.conf", folder / "records", folder / "mail.eml"
    data.write_text("".join(f"{name} {text}\n" for name, text in records.items()))
    config.write_text(f"Mode v\nTestDNSData file:{data}\nSyslog no\n")
    path.write_bytes(mail)
    command = [need_command("opendkim"), "-x", config, "-v", "-t", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    return "succeeded" in said and "failed" not in said


def mail_dkim(mail: bytes, records: Mapping[str, str], folder: Path) -> bool:
    """Whether Perl's Mail::DKIM verifies all signatures."""
    data, path = folder / "records", folder / "mail.eml"
    data.write_text("".join(f"{name} {text}\n" for name, text in records.items()))
    path.write_bytes(mail)
    command = [need_command("perl"), "-e", _PERL, data, path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "Can't locate Mail/DKIM" in done.stderr:
        need_command("libmail-dkim-perl")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split(",") == ["pass"]
