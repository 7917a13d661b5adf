"""Which requests of tracked links are a guest's click. Whatever is unclear is not counted, and says why.

Some show at once what they are (`known_at_once`). The others are judged some seconds later, together with those around
them: a mail scanner opens every link of a mail, mostly as it is delivered; a data centre opens the links of many. A
guest who was taken for one and presses again later is counted then: what is known of a link only ever rises.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.rows import row
from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.click import Uncounted

TOGETHER = timedelta(seconds=10)
"""As close as the requests of one program are; and as soon after a delivery as no reader is."""
JUDGED_AFTER = timedelta(seconds=30)
KEPT_FOR_OTHERS = timedelta(hours=1)
BURST_OF = 10
CLOCKS_DIFFER_BY = timedelta(minutes=1)

PREFETCHES = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
PREFETCH_HEADERS = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")
PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|preview|headless|phantomjs|scan|monitor|facebookexternalhit|whatsapp/|slack|skypeuri|"
    r"embedly|imageproxy|mailproxy|safety|safelinks|urldefense|proofpoint|mimecast|barracuda|symantec|messagelabs|"
    r"trendmicro|forcepoint|sophos|zscaler|fireeye|ironport|cloudmark|ms-office|existence discovery|python|curl/|wget|"
    r"libwww|httpclient|http-client|okhttp|java/|axios|node-fetch|ruby|perl|php/|guzzle|apache-",
    re.IGNORECASE,
)


@row
class Visit:
    """One request. `links`: how many tracked ones its message has; `sent_at`: when it was delivered, as far as one
    knows; `together`: of how many messages links were opened from the same place at the same time."""

    id: int
    message_id: UUID
    number: int
    at: datetime
    known: str | None
    judged: bool
    channel: str
    links: int
    sent_at: datetime
    together: int


@row
class Judged:
    """What is known of a message's link now."""

    message_id: UUID
    number: int
    at: datetime
    reason: Uncounted | None  # None: a guest's click


def known_at_once(method: str, headers: Mapping[str, str]) -> Uncounted | None:
    if method == "HEAD":
        return Uncounted.HEAD
    if any(PREFETCHES.search(headers.get(name, "")) for name in PREFETCH_HEADERS):
        return Uncounted.PREFETCH
    if headers.get("Sec-Fetch-Dest", "document") not in ("document", "iframe", ""):
        return Uncounted.PREFETCH
    agent = headers.get("User-Agent", "")
    return Uncounted.SCANNER if not agent or PROGRAMS.search(agent) else None


def judge(visits: Iterable[Visit]) -> list[Judged]:
    """By message and link, of those not judged yet. `visits`: all of these messages."""
    by_message: defaultdict[UUID, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_message[visit.message_id].append(visit)
    found: dict[tuple[UUID, int], Judged] = {}
    for of_message in by_message.values():
        for visit in sorted(of_message, key=lambda one: (one.at, one.id)):
            if visit.judged:
                continue
            place, reason = (visit.message_id, visit.number), _reason(visit, of_message)
            if place not in found or (reason is None and found[place].reason is not None):
                found[place] = Judged(*place, visit.at, reason)
    return [found[place] for place in sorted(found)]


def _reason(visit: Visit, of_message: Sequence[Visit]) -> Uncounted | None:
    if visit.known:
        return Uncounted(visit.known)
    if _is_swept(visit, of_message):
        return Uncounted.SWEEP
    return Uncounted.BURST if visit.together >= BURST_OF else None


def _is_swept(visit: Visit, of_message: Sequence[Visit]) -> bool:
    """Every link at the same time; the only link of a mail as it is delivered. A text message is read at once."""
    opened = {one.number for one in of_message if abs(one.at - visit.at) <= TOGETHER}
    if len(opened) < visit.links:
        return False
    is_at_once = -CLOCKS_DIFFER_BY <= visit.at - visit.sent_at <= TOGETHER
    return visit.links > 1 or (is_at_once and Channel(visit.channel).contact is ContactKind.ADDRESS)
