"""Bytes in an S3-compatible store: put, read, listed and deleted under a name, by the one outgoing client.

Five verbs need no library of thirty megabytes. The bucket stands in the path, as every such store understands it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from shared.errors import GuestloopError
from shared.outgoing.aws_signature import AccessKey, escaped, signed
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Network, Reach

if TYPE_CHECKING:
    from shared.outgoing.client import Answer, OutgoingClient

LIMITS = Limits(within=20.0, longest=8 * 1024 * 1024)
TRIES = 2  # these verbs may be said twice: a connection that was kept may just have ended


class StoreSilent(GuestloopError):
    """The object store cannot be reached, or refuses. Look at its address, bucket and keys, then try again."""


@dataclass(frozen=True)
class Bucket:
    """`address`: of the store, without the bucket. `networks`: reached although they are not public, as is the store
    itself."""

    address: str
    name: str
    key: AccessKey
    networks: tuple[Network, ...] = ()


class ObjectStore:
    """One for a process; several threads may use it."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._kept: OutgoingClient | None = None

    def put(self, name: str, content: bytes, media_type: str, at: datetime) -> None:
        self._expect((200, 201, 204), self._ask("PUT", name, at, content, {"content-type": media_type}))

    def read(self, name: str, at: datetime) -> bytes | None:
        """None where there is no such object."""
        answer = self._ask("GET", name, at)
        if answer.status == 404:
            return None
        self._expect((200,), answer)
        return answer.body

    def has(self, name: str, at: datetime) -> bool:
        answer = self._ask("HEAD", name, at)
        if answer.status != 404:
            self._expect((200,), answer)
        return answer.status != 404

    def names(self, beginning: str, at: datetime) -> list[str]:
        """Of all objects whose names begin so, in the order of the names."""
        found: list[str] = []
        more = {"list-type": "2", "prefix": beginning}
        while more:
            answer = self._ask("GET", "", at, query=more)
            self._expect((200,), answer)
            listed, token = _listing(answer.body)
            found += listed
            more = {**more, "continuation-token": token} if token else {}
        return found

    def delete(self, name: str, at: datetime) -> None:
        """One that is gone already is deleted."""
        self._expect((200, 202, 204, 404), self._ask("DELETE", name, at))

    def _ask(
        self,
        method: str,
        name: str,
        at: datetime,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        from shared.outgoing.client import NoAnswer

        url = f"{self._bucket.address}/{escaped(f'{self._bucket.name}/{name}')}{_asked(query or {})}"
        proof = signed(self._bucket.key, method, url, body, at, headers or {})
        silent: NoAnswer | None = None
        for _ in range(TRIES):
            try:
                return self._client().ask(method, url, proof, body)
            except NoAnswer as error:
                silent = error
        raise StoreSilent(f"the object store gave no answer ({silent.trouble.value if silent else ''})") from silent

    def _expect(self, statuses: tuple[int, ...], answer: Answer) -> None:
        if answer.status not in statuses:
            raise StoreSilent(f"the object store answered {answer.status}")

    def _client(self) -> OutgoingClient:
        if self._kept is None:
            from shared.outgoing.client import OutgoingClient

            host = urlsplit(self._bucket.address).hostname or ""
            self._kept = OutgoingClient(Reach(self._bucket.networks, frozenset({host})), LIMITS)
        return self._kept


def _asked(query: Mapping[str, str]) -> str:
    """In the order in which it is signed."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    return "?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else ""


def _listing(body: bytes) -> tuple[list[str], str]:
    """The names in one page of a listing, and by what the next page is asked for: nothing after the last one."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException) as error:
        raise StoreSilent("the object store answered with what is no listing") from error
    said = {one.tag.rpartition("}")[2]: one.text or "" for one in root}
    keys = [text for one in root.iter() if one.tag.rpartition("}")[2] == "Key" and (text := one.text)]
    return keys, said.get("NextContinuationToken", "") if said.get("IsTruncated") == "true" else ""
