"""A name server on the loopback interface that answers from a table, and has the faults of real ones."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from newsfeed.service_ports import DnsStatus
from tests.core.checkup.names import Zone

ROOT: Zone = {(".", "NS"): ("a.root.test.",)}
"""What every name server on the internet knows."""
_LONGEST = 512
"""Octets of an answer without EDNS; longer ones are to be fetched over TCP."""


def respond(data: bytes, zone: Zone, *, is_short: bool) -> bytes | None:
    """The answer to a question; ``None``: silence."""
    query = dns.message.from_wire(data)
    question = query.question[0]
    name, kind = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
    key = name if name == "." else name.rstrip(".")
    found = zone.get((key, kind))
    answer = dns.message.make_response(query)
    if found is DnsStatus.SILENT:
        return None
    if found is DnsStatus.FAILED:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif found is None or isinstance(found, DnsStatus):
        if found is DnsStatus.ABSENT or all(one != key for one, _ in zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(
            dns.rrset.from_text_list(name, 60, "IN", kind, [_written(kind, one) for one in found])
        )
    wire = answer.to_wire(max_size=65_535)
    if is_short and len(wire) > _LONGEST:
        answer.answer.clear()
        answer.flags |= dns.flags.TC
        wire = answer.to_wire()
    return wire


def _written(kind: str, value: str) -> str:
    if kind == "TXT":
        text = value.encode()
        pieces = [text[at : at + 255].decode("latin-1") for at in range(0, max(len(text), 1), 255)]
        return " ".join('"{}"'.format(one.replace("\\", "\\\\").replace('"', '\\"')) for one in pieces)
    if kind == "MX":
        return value if " " in value else f"10 {value.rstrip('.')}."
    return f"{value.rstrip('.')}." if kind in ("PTR", "NS") else value


class _Udp(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        data, sock = self.request
        answer = respond(data, self.server.zone, is_short=True)
        if answer is not None:
            sock.sendto(answer, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        (length,) = struct.unpack("!H", self.rfile.read(2))
        answer = respond(self.rfile.read(length), self.server.zone, is_short=False)
        if answer is not None:
            self.wfile.write(struct.pack("!H", len(answer)) + answer)


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


def _open_both() -> tuple[_UdpServer, _TcpServer]:
    """Two servers on one port, which may be free for one of them only."""
    for _ in range(50):
        udp = _UdpServer(("127.0.0.1", 0), _Udp)
        try:
            return udp, _TcpServer(("127.0.0.1", udp.server_address[1]), _Tcp)
        except OSError:
            udp.server_close()
    raise RuntimeError("no port is free for both")


@contextmanager
def serving(zone: Zone) -> Iterator[str]:
    """The server, as long as the block lasts; yields its address and port."""
    udp, tcp = _open_both()
    with udp, tcp:
        threads = []
        for server in (udp, tcp):
            server.zone = {**ROOT, **zone}  # type: ignore[attr-defined]
            threads.append(threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}))
            threads[-1].start()
        try:
            yield f"127.0.0.1:{udp.server_address[1]}"
        finally:
            for server in (udp, tcp):
                server.shutdown()
            for thread in threads:
                thread.join()
