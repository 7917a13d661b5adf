"""Questions to DNS, each within a deadline, of the resolvers that the settings name or those of the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.resolver

ONE_QUESTION = 3.0  # seconds
Resolver = tuple[str, int]  # address and port


class Dns:
    """For one round of questions, of `within` seconds altogether. What was asked is remembered; `None` means that
    nobody could be asked, an empty list that there is nothing."""

    def __init__(self, resolvers: Sequence[Resolver] = (), within: float = 12.0) -> None:
        self._resolvers, self._ends = resolvers, monotonic() + within
        self._known: dict[tuple[str, str], list[str] | None] = {}

    def texts(self, name: str) -> list[str] | None:
        """TXT records, each as one text, in the order of their letters: DNS has none."""
        return self._answer(name, "TXT", lambda each: b"".join(each.strings).decode("utf-8", "replace"))

    def exchanges(self, name: str) -> list[str] | None:
        """Mail servers that take mail for a domain, the preferred one first."""
        found = self._answer(name, "MX", lambda each: f"{each.preference:>5} {each.exchange.to_text(True)}")
        return None if found is None else [text.split()[-1] for text in found if text.split()[-1] != "."]

    def _answer(self, name: str, kind: str, read: Callable[..., str]) -> list[str] | None:
        if (name, kind) not in self._known:
            self._known[name, kind] = self._asked(name, kind, read)
        return self._known[name, kind]

    def _asked(self, name: str, kind: str, read: Callable[..., str]) -> list[str] | None:
        left = min(self._ends - monotonic(), ONE_QUESTION)
        if left <= 0:
            return None
        import dns.exception  # few processes ever ask
        import dns.resolver

        try:
            answer = self._resolver().resolve(name.rstrip(".") + ".", kind, lifetime=left)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError):
            return None
        return sorted(read(each) for each in answer)

    def _resolver(self) -> dns.resolver.Resolver:
        import dns.resolver

        if not self._resolvers:
            return dns.resolver.Resolver()
        found = dns.resolver.Resolver(configure=False)
        found.nameservers = [address for address, _ in self._resolvers]
        found.nameserver_ports = dict(self._resolvers)
        return found
