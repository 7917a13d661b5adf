"""What guests give to a survey, page by page: kept as it is given, sent in the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.feedback.rules.asking.questionnaires import Given, Value
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.ids import make_id

APART = "\x1f"
"""Between choices on their way into an array: it stands in no option."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """To the surveys of a stay there is one; `place`, `number`: the questionnaire it answers, whatever is published
    since. `page`: how far the guest came."""

    message_id: UUID
    place: str
    number: int
    page: int
    submitted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One field as it is stored."""

    field: str
    kind: str
    number: int | None = None
    choices: Sequence[str] = ()
    words_sealed: Sealed | None = None


def of_survey(tx: Tx, message_id: UUID, stay_id: UUID | None) -> Response | None:
    found = tx.rows(Response, OF_SURVEY, {"message_id": message_id, "stay_id": stay_id})
    return found[0] if found else None


def begin(
    tx: Tx,
    message_id: UUID,
    guest_id: UUID,
    stay_id: UUID | None,
    hotel: str | None,
    version: tuple[str, int],
    at: datetime,
) -> Response:
    """The response to this survey or to another one of the stay; a new one where there is none. Two that begin at once
    have the same."""
    values = {"message_id": message_id, "guest_id": guest_id, "stay_id": stay_id, "hotel": hotel, "at": at}
    tx.execute(BEGIN, {**values, "place": version[0], "number": version[1]})
    found = tx.rows(Response, f"{OF_SURVEY} for update", {"message_id": message_id, "stay_id": stay_id})
    return found[0]


def keep(tx: Tx, message_id: UUID, fields: Sequence[Kept], at: datetime) -> None:
    """Each in place of what was given before."""
    columns = {
        "fields": [one.field for one in fields],
        "kinds": [one.kind for one in fields],
        "numbers": [one.number for one in fields],
        "choices": [APART.join(one.choices) for one in fields],
        "words": [one.words_sealed for one in fields],
    }
    tx.execute(KEEP, {**columns, "message_id": message_id, "apart": APART, "at": at})


def take_out(tx: Tx, message_id: UUID, fields: Collection[str]) -> None:
    values = {"message_id": message_id, "fields": list(fields)}
    for table in ("survey_value", "survey_picture"):
        tx.execute(f"delete from {table} where message_id = %(message_id)s and field = any(%(fields)s)", values)


def reached(tx: Tx, message_id: UUID, page: int) -> None:
    tx.execute("update survey_response set page = %s where message_id = %s and page <> %s", [page, message_id, page])


def submitted(tx: Tx, message_id: UUID, at: datetime, day: date | None) -> None:
    """The first time stays. From now on its numbers count: on that `day` of the hotel's calendar, None where no hotel
    asked."""
    query = "update survey_response set submitted_at = coalesce(submitted_at, %s), page = 0 where message_id = %s"
    tx.execute(query, [at, message_id])
    if day:
        tx.execute(COUNT_IN, {"message_id": message_id, "day": day})


def given(tx: Tx, message_id: UUID) -> Given:
    query = "select field, number, choices, words_sealed is not null or kind = 'picture' from survey_value"
    rows = tx.execute(f"{query} where message_id = %s", [message_id])
    return {
        field: Value(number=number, choices=tuple(choices), has_words=has_words)
        for field, number, choices, has_words in rows
    }


def words(tx: Tx, message_id: UUID) -> Mapping[str, Sealed]:
    """By field."""
    query = "select field, words_sealed from survey_value where message_id = %s and words_sealed is not null"
    return {field: Sealed(sealed) for field, sealed in tx.execute(query, [message_id])}


def keep_picture(tx: Tx, message_id: UUID, field: str, content_type: str, content_sealed: str, at: datetime) -> None:
    """In place of the one before. Its number is a new one, so that no page shows another picture under the old."""
    picture_id = make_id("survey picture", message_id, field, at.isoformat())
    values = {"picture_id": picture_id, "message_id": message_id, "field": field, "at": at}
    tx.execute(KEEP_PICTURE, {**values, "type": content_type, "content": content_sealed})


OF_SURVEY = """
    select message_id, place, number, page, submitted_at from survey_response
    where message_id = %(message_id)s or stay_id = %(stay_id)s
    order by started_at limit 1
"""
BEGIN = """
    insert into survey_response (message_id, guest_id, stay_id, property, place, number, started_at)
    values (%(message_id)s, %(guest_id)s, %(stay_id)s, %(hotel)s, %(place)s, %(number)s, %(at)s)
    on conflict do nothing
"""
KEEP = """
    insert into survey_value (message_id, field, kind, number, choices, words_sealed, at)
    select %(message_id)s, field, kind, number, string_to_array(choices, %(apart)s), words, %(at)s
    from unnest(%(fields)s::text[], %(kinds)s::text[], %(numbers)s::int[], %(choices)s::text[], %(words)s::text[])
        as each (field, kind, number, choices, words)
    on conflict (message_id, field) do update
    set kind = excluded.kind, number = excluded.number, choices = excluded.choices,
        words_sealed = excluded.words_sealed, at = excluded.at
"""
COUNT_IN = """
    update survey_value as value set property = response.property, day = %(day)s
    from survey_response as response
    where response.message_id = value.message_id and value.message_id = %(message_id)s and value.day is null
"""
KEEP_PICTURE = """
    insert into survey_picture (picture_id, message_id, field, content_type, content_sealed, at)
    values (%(picture_id)s, %(message_id)s, %(field)s, %(type)s, %(content)s, %(at)s)
    on conflict (message_id, field) do update
    set picture_id = excluded.picture_id, content_type = excluded.content_type,
        content_sealed = excluded.content_sealed, at = excluded.at
"""
