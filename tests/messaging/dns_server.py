"""A DNS server on loopback: answers from a table, falls silent or fails for names that it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone:
    """`texts`, `exchanges`: by name without the last dot; `silent`: no answer; `broken`: SERVFAIL."""

    port: int = 0
    texts: dict[str, list[str]] = field(default_factory=dict)
    exchanges: dict[str, list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        if name in self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply.to_wire()
        lines = self._lines(name, question.rdtype)
        if lines:
            reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", question.rdtype, *lines))
        elif name not in self.texts and name not in self.exchanges:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()

    def _lines(self, name: str, kind: int) -> list[str]:
        if kind == dns.rdatatype.MX:
            return self.exchanges.get(name, [])
        parts = [[text[first : first + 200] for first in range(0, len(text), 200)] for text in self.texts.get(name, [])]
        return [" ".join(f'"{part}"' for part in each) for each in parts]


@contextmanager
def dns_server() -> Iterator[Zone]:
    zone, ends = Zone(), threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.1)
        zone.port = listening.getsockname()[1]

        def serve() -> None:
            while not ends.is_set():
                try:
                    wire, back = listening.recvfrom(4096)
                except TimeoutError:
                    continue
                if (reply := zone.answer(wire)) is not None:
                    listening.sendto(reply, back)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            ends.set()
            thread.join()
