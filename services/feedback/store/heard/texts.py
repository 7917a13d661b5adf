"""Texts as they were understood: each once, with its topics. The tallies are kept by the tables' triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from services.feedback.rules.heard import SPOKEN, WHOLE, Feelings, HeardKind
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class HeardText:
    """`feelings`: by topic, the whole text's under `WHOLE`. `taught_by`: the corrections that the reading rests on."""

    text_id: UUID
    kind: HeardKind
    property: str | None
    day: date
    said_at: datetime
    language: str | None
    is_complaint: bool
    feelings: Feelings
    taught_by: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unheard:
    """Words that nobody has understood by topic yet."""

    text_id: UUID
    kind: str
    property: str | None
    zone: str
    said_at: datetime
    text_sealed: str


def keep(tx: Tx, texts: Sequence[HeardText]) -> None:
    """Kept anew where a text has changed, but for what a person found of it: that stays."""
    params = {
        "text_id": [one.text_id for one in texts],
        "kind": [one.kind for one in texts],
        "property": [one.property for one in texts],
        "day": [one.day for one in texts],
        "said_at": [one.said_at for one in texts],
        "language": [one.language for one in texts],
        "is_complaint": [one.is_complaint for one in texts],
        "taught_by": [" ".join(map(str, one.taught_by)) for one in texts],
    }
    open_ones = {row[0] for row in tx.execute(KEEP, params)}
    _say(tx, [one for one in texts if one.text_id in open_ones])
    mark(tx, [one.text_id for one in texts])


def mark(tx: Tx, texts: Sequence[UUID]) -> None:
    """These need not be looked at again."""
    for statement in MARK:
        tx.execute(statement, {"texts": list(texts)})


def forget(tx: Tx, text_id: UUID) -> None:
    """It was taken back: it counts nowhere."""
    tx.execute("delete from heard_topic where text_id = %s", [text_id])  # by itself, so that its tally is told
    tx.execute("delete from heard_text where text_id = %s", [text_id])


def lock(tx: Tx, text_id: UUID) -> HeardText | None:
    found = tx.execute(LOCK, {"text_id": text_id}).fetchone()
    if found is None:
        return None
    kind, place, day, said_at, language, is_complaint = found
    rows = tx.execute("select topic, feeling from heard_topic where text_id = %s", [text_id]).fetchall()
    return HeardText(
        text_id=text_id,
        kind=HeardKind(kind),
        property=place,
        day=day,
        said_at=said_at,
        language=language,
        is_complaint=is_complaint,
        feelings=dict(rows),
    )


def correct(tx: Tx, text: HeardText, feelings: Feelings, correction_id: UUID, by: str, at: datetime) -> None:
    """What a person found, kept with what stood there before."""
    values = {
        "correction_id": correction_id,
        "text_id": text.text_id,
        "before": Jsonb(dict(text.feelings)),
        "after": Jsonb(dict(feelings)),
        "by": by,
        "at": at,
        "is_complaint": text.is_complaint and feelings[WHOLE] != "positive",
    }
    tx.execute(NOTE, values)
    tx.execute(CORRECT, values)
    _say(tx, [replace(text, feelings=feelings)])


def unheard(tx: Tx, most: int) -> list[Unheard]:
    """The newest first: what is looked at most. Another one may not take the same."""
    return tx.rows(Unheard, UNHEARD, {"most": most})


def oldest_unheard(tx: Tx) -> datetime | None:
    row = tx.execute(OLDEST_UNHEARD).fetchone()
    return row[0] if row else None


def _say(tx: Tx, texts: Sequence[HeardText]) -> None:
    rows = [(one.text_id, topic, feeling) for one in texts for topic, feeling in one.feelings.items()]
    ids, topics, feelings = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
    params = {"texts": [one.text_id for one in texts], "text_id": ids, "topic": topics, "feeling": feelings}
    tx.execute(CLEAR, params)
    tx.execute(SAY, params)


KEEP = """
    insert into heard_text as known (text_id, kind, property, day, said_at, language, is_complaint, taught_by)
    select text_id, kind, property, day, said_at, language, is_complaint,
           string_to_array(taught_by, ' ')::uuid[]
    from unnest(%(text_id)s::uuid[], %(kind)s::text[], %(property)s::text[], %(day)s::date[],
                %(said_at)s::timestamptz[], %(language)s::text[], %(is_complaint)s::boolean[], %(taught_by)s::text[])
        as said (text_id, kind, property, day, said_at, language, is_complaint, taught_by)
    order by text_id
    on conflict (text_id) do update
    set property = excluded.property, day = excluded.day, said_at = excluded.said_at, language = excluded.language,
        is_complaint = excluded.is_complaint, taught_by = excluded.taught_by
    where known.corrected_at is null
    returning text_id
"""
MARK = (
    "update survey_answer set is_heard = true where answer_id = any(%(texts)s::uuid[]) and not is_heard",
    "update reply set is_heard = true where reply_id = any(%(texts)s::uuid[]) and not is_heard",
)
CLEAR = """
    delete from heard_topic where text_id = any(%(texts)s::uuid[]) and (text_id, topic) not in (
        select * from unnest(%(text_id)s::uuid[], %(topic)s::text[]))
"""
SAY = """
    insert into heard_topic as known (text_id, topic, feeling, kind, property, day, said_at)
    select text_id, topic, feeling, kind, property, day, said_at
    from unnest(%(text_id)s::uuid[], %(topic)s::text[], %(feeling)s::text[]) as said (text_id, topic, feeling)
    join heard_text using (text_id)
    order by text_id, topic
    on conflict (text_id, topic) do update
    set feeling = excluded.feeling, property = excluded.property, day = excluded.day, said_at = excluded.said_at
    where (known.feeling, known.property, known.day, known.said_at)
        is distinct from (excluded.feeling, excluded.property, excluded.day, excluded.said_at)
"""
LOCK = """
    select kind, property, day, said_at, language, is_complaint from heard_text where text_id = %(text_id)s for update
"""
NOTE = """
    insert into heard_correction (correction_id, text_id, before, after, by_name, at)
    values (%(correction_id)s, %(text_id)s, %(before)s, %(after)s, %(by)s, %(at)s) on conflict do nothing
"""
CORRECT = """
    update heard_text
    set corrected_by = %(by)s, corrected_at = %(at)s, is_complaint = %(is_complaint)s, taught_by = '{}'
    where text_id = %(text_id)s
"""
UNHEARD_ANSWERS = "comment_sealed is not null and not is_heard"
UNHEARD_REPLIES = f"""not is_heard and text_sealed is not null
    and taken_as in ({", ".join(f"'{one}'" for one in SPOKEN)})"""  # as its index says
UNHEARD = f"""
    with answers as (
        select answer_id as text_id, 'comment' as kind, property, answered_at as said_at, comment_sealed as text_sealed
        from survey_answer where {UNHEARD_ANSWERS}
        order by answered_at desc limit %(most)s for update skip locked
    ), replies as (
        select reply_id, 'reply', coalesce(message.property, guest.home_property), received_at, text_sealed
        from reply
        left join message_known as message using (message_id)
        left join guest_known as guest on guest.guest_id = reply.guest_id
        where {UNHEARD_REPLIES}
        order by received_at desc limit %(most)s for update of reply skip locked
    )
    select text_id, kind, said.property, coalesce(zone, 'UTC') as zone, said_at, text_sealed
    from (select * from answers union all select * from replies) as said
    left join property_known as hotel on hotel.code = said.property
"""
OLDEST_UNHEARD = f"""
    select least((select min(answered_at) from survey_answer where {UNHEARD_ANSWERS}),
                 (select min(received_at) from reply where {UNHEARD_REPLIES}))
"""
