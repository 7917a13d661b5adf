"""Reviews of booking sites, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    review_id: UUID
    property: str
    source: str
    ref: str
    content_id: UUID
    guest_id: UUID | None
    stay_id: UUID | None
    said_on: date
    rating_given: str | None
    rating_scale: int | None
    rating: Decimal | None
    title_sealed: str | None
    liked_sealed: str | None
    disliked_sealed: str | None
    text_sealed: str | None


def known(tx: Tx, reviews: Sequence[UUID]) -> dict[UUID, UUID]:
    """Of those that are kept, what they say."""
    return dict(tx.execute(KNOWN, {"reviews": list(reviews)}).fetchall())


def kept(tx: Tx, reviews: Sequence[UUID]) -> list[ReviewRow]:
    return tx.rows(ReviewRow, KEPT, {"reviews": list(reviews)})


def keep(tx: Tx, rows: Sequence[ReviewRow], by: str, at: datetime) -> dict[UUID, bool]:
    """Of those that are new (True) or say something else than before (False). Of a guest who was erased nothing comes
    back."""
    columns = {name: [getattr(one, name) for one in rows] for name in NAMES}
    return dict(tx.execute(KEEP, {**columns, "by": by, "at": at}).fetchall())


NAMES = tuple(ReviewRow.__dataclass_fields__)
KNOWN = "select review_id, content_id from review where review_id = any(%(reviews)s::uuid[])"
KEPT = f"select {', '.join(NAMES)} from review where review_id = any(%(reviews)s::uuid[]) order by review_id"
KEEP = """
    insert into review as known
        (review_id, property, source, ref, content_id, guest_id, stay_id, said_on, rating_given, rating_scale, rating,
         title_sealed, liked_sealed, disliked_sealed, text_sealed, entered_by, received_at)
    select *, %(by)s, %(at)s
    from unnest(%(review_id)s::uuid[], %(property)s::text[], %(source)s::text[], %(ref)s::text[],
                %(content_id)s::uuid[], %(guest_id)s::uuid[], %(stay_id)s::uuid[], %(said_on)s::date[],
                %(rating_given)s::text[], %(rating_scale)s::int[], %(rating)s::numeric[], %(title_sealed)s::text[],
                %(liked_sealed)s::text[], %(disliked_sealed)s::text[], %(text_sealed)s::text[])
    order by 1
    on conflict (review_id) do update
    set content_id = excluded.content_id, guest_id = coalesce(excluded.guest_id, known.guest_id),
        stay_id = coalesce(excluded.stay_id, known.stay_id), said_on = excluded.said_on,
        rating_given = excluded.rating_given, rating_scale = excluded.rating_scale, rating = excluded.rating,
        title_sealed = excluded.title_sealed, liked_sealed = excluded.liked_sealed,
        disliked_sealed = excluded.disliked_sealed, text_sealed = excluded.text_sealed
    where known.content_id <> excluded.content_id and not exists (
        select from guest_known as guest
        where guest.guest_id = known.guest_id and gone and into_guest_id is null)
    returning review_id, xmax = 0
"""
