"""A figure has left its usual course: where the house wants it, the hotel's duty list is told by text message."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.feedback.rules.alerts import back_at
from services.feedback.store.care import duty
from services.feedback.store.properties import names_of
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, chunk_of
from shared.events.console import NoticeRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeKind

USEFUL_FOR = timedelta(days=2)
PAGE = "/figures/warnings"


def text_duty_lists(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Whoever has a number and no quiet hours now. It is no emergency and wakes nobody; it stands on the page."""
    if chunk.republished:
        return
    columns = (chunk[name] for name in ("warning_id", "signal", "property", "occurred_at", "calls_duty"))
    wanted = [one for one in zip(*columns, strict=True) if one[-1]]
    if not wanted:
        return
    hotels = {hotel for _, _, hotel, *_ in wanted}
    lists, names = duty.lists_of(tx, hotels), names_of(tx, hotels)
    asked = [
        NoticeRequested(
            notice_id=make_id("warning text", warning, one.member_id),
            version=1,
            kind=NoticeKind.WARNING,
            channel=Channel.SMS,
            address=one.number,
            language=one.language,
            link=None,
            page=PAGE,
            details={"name": one.name, "what": signal, "hotel": names.get(hotel, hotel)},
            useful_until=at + USEFUL_FOR,
            occurred_at=datetime.fromisoformat(occurred_at),
        )
        for warning, signal, hotel, occurred_at, _ in wanted
        for one in lists.get(hotel, ())
        if one.number and back_at(duty.as_member(one), at) == at
    ]
    if asked:
        publish(tx, chunk_of(asked), at=at)
