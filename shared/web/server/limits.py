"""How much one client may ask of the server, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from shared.web.awaited_body import SMALL_BODY


@dataclass(frozen=True)
class ServerLimits:
    """Bytes, seconds and counts; rates in bytes a second.

    `of_one_address`: connections; a whole hotel may stand behind one. `grace`: what a large body or an answer may take
    beside the time its bytes take at the least rate. `large_waiting`: bodies for which no thread is free yet.
    `unread`: bytes of answers that wait for their readers, of all connections together.
    """

    connections: int = 512
    of_one_address: int = 128
    header: int = 32 * 1024
    header_fields: int = 64
    header_within: float = 10.0
    small_body: int = SMALL_BODY
    small_body_within: float = 20.0
    large_at_once: int = 4
    large_waiting: int = 12
    grace: float = 10.0
    least_rate: int = 8 * 1024
    unread: int = 64 * 1024 * 1024
    idle: float = 5.0
    lingers: float = 2.0
    lingering_bytes: int = 1024 * 1024

    def time_for(self, size: int) -> float:
        """Seconds that so many bytes may take."""
        return self.grace + size / self.least_rate
