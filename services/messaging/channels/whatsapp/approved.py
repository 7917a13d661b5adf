"""The text of an approved template, as Twilio's Content API tells it: a network call, made outside any transaction."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from services.messaging.channels.whatsapp.ready import NUMBERED
from services.messaging.channels.whatsapp.text import CONTENT_SID
from shared.errors import GuestloopError
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Network, Reach
from shared.settings.providers import TWILIO_CONTENT_ADDRESS

LIMITS = Limits(within=10.0, connect_within=5.0, longest=256 * 1024)
APPROVED = "approved"
PARTS = ("title", "header_text", "body", "subtitle", "footer")  # of a type of content, as a guest reads them


class NotTold(GuestloopError):
    """Twilio did not tell the text of this template."""


@dataclass(frozen=True)
class Told:
    """`text`: with {{1}}, {{2}} …, and its buttons; `places`: how many are to be filled; `status`: of its approval by
    WhatsApp, «approved» or another word of Meta's."""

    text: str
    places: int
    status: str


@dataclass(frozen=True)
class ContentAccount:
    """`address`: where the interface is; another one in tests. `networks`: reached although they are not public."""

    account: str
    token: str = field(repr=False)
    address: str = TWILIO_CONTENT_ADDRESS.default
    networks: tuple[Network, ...] = ()

    def tell(self, sid: str) -> Told:
        """Raises `NotTold`."""
        if not CONTENT_SID.fullmatch(sid):
            raise NotTold()
        content = self._get(f"/v1/Content/{sid}")
        approval = self._get(f"/v1/Content/{sid}/ApprovalRequests").get("whatsapp")
        text = "\n".join(_lines(content.get("types")))
        numbers = [int(number) for number in NUMBERED.findall(text)]
        if not text:
            raise NotTold()
        status = approval.get("status") if isinstance(approval, Mapping) else ""
        return Told(text, max(numbers, default=0), str(status))

    def _get(self, path: str) -> Mapping[str, Any]:
        from shared.outgoing.client import NoAnswer, OutgoingClient

        host = urlsplit(self.address).hostname
        own = frozenset({host} if host and self.address != TWILIO_CONTENT_ADDRESS.default else ())
        signed = "Basic " + b64encode(f"{self.account}:{self.token}".encode()).decode()
        client = OutgoingClient(Reach(self.networks, own), LIMITS)
        try:
            answer = client.ask("GET", self.address + path, {"Authorization": signed})
            found = json.loads(answer.body) if answer.status == 200 else None
        except (NoAnswer, ValueError) as error:
            raise NotTold() from error
        finally:
            client.close()
        if not isinstance(found, Mapping):
            raise NotTold()
        return found


def _lines(types: object) -> Iterator[str]:
    """Of the first type that has words: they are the same message, as several kinds of telephone show it."""
    for content in types.values() if isinstance(types, Mapping) else ():
        if not isinstance(content, Mapping):
            continue
        lines = [text for part in PARTS if isinstance(text := content.get(part), str) and text.strip()]
        if lines:
            yield from lines
            yield from _buttons(content.get("actions"))
            return


def _buttons(actions: object) -> Iterator[str]:
    for action in actions if isinstance(actions, list) else ():
        if isinstance(action, Mapping) and isinstance(title := action.get("title"), str):
            yield f"[{title}]"
