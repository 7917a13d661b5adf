"""Guests who may be one: found in sets each night, shown to who may decide, told apart or merged and taken apart."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.segments.clock import DuplicateSearch, clocks
from services.segments.commands.duplicates import search_duplicates
from services.segments.commands.duplicates.search_duplicates import BITS, likeness_of, night_after
from services.segments.commands.guests.care import tell_apart
from services.segments.config import Config
from services.segments.rules.likeness.blocks import CROWD
from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.likeness.score import FILED_FROM
from services.segments.rules.people.births import births
from services.segments.store.duplicates import duplicates as store
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.events.wire import decode
from tests.cast import ANTON, FILIPA, MARTA, NOW, WEI
from tests.febrl_like import Person, bring, found_by, people
from tests.segments.rows import rows_of, told
from tests.segments.test_pages_guests import JOAO, RITA, desk, guest_id
from tests.segments.test_pages_guests import bring as enter
from tests.web import words

NIGHT = night_after(NOW)
BORN = date(1980, 11, 22)


def person(
    truth: int, given: str, family: str, *, born: date | None = BORN, email: str | None = None, phone: str | None = None
) -> Person:
    return Person(truth, given, family, born, email, phone)


def search(database: Database, at: datetime = NIGHT) -> None:
    """Plans a search where none is, and works until this night's is over."""
    role = DuplicateSearch(database)
    role.step(at - timedelta(hours=1))
    while role.step(at):
        pass


def filed(database: Database) -> list[tuple[Any, ...]]:
    return rows_of(
        database,
        """
        select least(g.family_name, o.family_name), d.key, d.score, d.reasons, d.dismissed_at is not null
        from possible_duplicate d join guest g on g.id = d.guest_id join guest o on o.id = d.other_id order by 1
        """,
    )


def pair(database: Database) -> tuple[UUID, UUID]:
    ((one, other),) = rows_of(database, "select guest_id, other_id from possible_duplicate")
    return one, other


def test_errors_of_every_kind_are_found_and_hardly_anybody_else(segments: Database) -> None:
    truths = bring(segments, people(11, 1_500, 300))
    search(segments)
    found = found_by(segments, truths)
    assert found.recall >= 0.88 and found.in_reach >= 0.93 and found.precision >= 0.97, found


def test_a_search_that_dies_goes_on_and_one_that_lost_its_tables_begins_again(
    segments: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_duplicates, "GUESTS_AT_ONCE", 40)
    monkeypatch.setattr(search_duplicates, "PAIRS_AT_ONCE", 5)
    truths = bring(segments, people(11, 150, 50))
    DuplicateSearch(segments).step(NOW)
    steps = 0
    while DuplicateSearch(segments).step(NIGHT):  # another process each time
        steps += 1
        if steps == 4:
            with segments.transaction() as tx:
                tx.execute("truncate duplicate_key, duplicate_pair")
    whole = filed(segments)
    assert found_by(segments, truths).recall > 0.8
    with segments.transaction() as tx:
        tx.execute("delete from possible_duplicate")
        tx.execute("update guest set changed_at = %s", [NIGHT])
    monkeypatch.undo()
    search(segments, NIGHT + timedelta(days=1))
    assert filed(segments) == whole
    assert rows_of(segments, "select 1 from duplicate_key union all select 1 from duplicate_pair") == []


def test_a_crowd_on_one_name_or_day_is_not_compared_with_itself(segments: Database) -> None:
    wangs = [person(number, "Wei", "Wang", born=BORN) for number in range(CROWD * 8)]
    bring(segments, iter(wangs))
    search(segments)
    ((pairs, crowded),) = rows_of(segments, "select pairs, crowded from duplicate_search")
    assert pairs == 0 and crowded > 0


def test_the_search_waits_for_its_night_and_rests_where_nothing_is_new(segments: Database) -> None:
    bring(segments, iter([person(1, "Rita", "Cantu"), person(1, "Rita", "Cantú")]))
    role = DuplicateSearch(segments)
    assert role.step(NOW) == 0 and role.next_due() == NIGHT
    locked = _locked_by(segments)
    assert role.step(NOW) == 0 and _locked_by(segments) == locked  # it only looks, and writes nothing
    search(segments)
    assert role.next_due() == NIGHT + timedelta(days=1)
    with segments.transaction() as tx:
        tx.execute("delete from possible_duplicate")
    search(segments, NIGHT + timedelta(days=1))
    assert filed(segments) == [] and role.next_due() == NIGHT + timedelta(days=2)


def _locked_by(segments: Database) -> str:
    """The number of the transaction that last locked the plan."""
    with segments.glance() as tx:
        return str(tx.execute("select xmax from duplicate_search").fetchall()[0][0])


def test_a_simulation_searches_nothing(segments: Database) -> None:
    names = [one.name for one in clocks(segments, Config(), VirtualClock(NOW))]
    assert "duplicates" not in names


def test_nobody_is_merged_by_itself_however_sure(segments: Database) -> None:
    one = person(1, "Rita", "Cantu", email="rita@example.com", phone="+447700900123")
    bring(segments, iter([one, one]))
    search(segments)
    assert [(key, score > 0.999, apart) for _, key, score, _, apart in filed(segments)] == [("email", True, False)]
    assert rows_of(segments, "select count(*) from guest where merged_into is null") == [(2,)]
    assert "guest.merged" not in told(segments)


def test_told_apart_they_are_not_proposed_again_until_something_new_speaks_for_it(segments: Database) -> None:
    bring(segments, iter([person(1, "Rita", "Cantu"), person(2, "Rita", "Cantú")]))
    search(segments)
    one, other = pair(segments)
    with segments.transaction() as tx:
        tell_apart(tx, other, one, "Rui", NOW)
        tx.execute("update guest set changed_at = %s", [NIGHT])
    search(segments, NIGHT + timedelta(days=1))
    assert [apart for *_, apart in filed(segments)] == [True]
    with segments.transaction() as tx:
        tx.execute("insert into contact_point values ('p', 'sms', '', 'personal', 2)")
        for guest in (one, other):
            tx.execute("insert into guest_point values (%s, 'p', 'sms', null, %s, 'R', false)", [guest, NOW])
        tx.execute("update guest set changed_at = %s", [NIGHT + timedelta(days=2)])
    search(segments, NIGHT + timedelta(days=2))
    assert [(reasons, apart) for *_, reasons, apart in filed(segments)] == [
        (["same_phone", "same_name", "same_birth_date"], False)
    ]


DAYS = st.dates(date(1900, 1, 1), date(2010, 12, 31)) | st.sampled_from(
    [date(2000, 1, 1), date(1970, 1, 1), date(1980, 2, 3), date(1980, 3, 2), date(1980, 2, 8), date(1990, 2, 3)]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.none() | DAYS, st.none() | DAYS), min_size=1, max_size=40))
def test_two_birth_dates_stand_to_each_other_in_sql_as_in_python(
    segments: Database, pairs: list[tuple[date | None, date | None]]
) -> None:
    with segments.transaction() as tx:
        query = """
            select births(one, other) from unnest(%s::date[], %s::date[]) with ordinality as p (one, other, n)
            order by n
        """
        found = [answer for (answer,) in tx.execute(query, [list(column) for column in zip(*pairs, strict=True)])]
    assert found == [str(births(one, other)) for one, other in pairs]


def test_what_sql_leaves_out_python_would_not_have_filed(segments: Database) -> None:
    """Everybody is compared with everybody; what the statement weighs is what the reasons weigh."""
    bring(segments, people(3, 120, 60))
    search(segments)
    with segments.transaction() as tx:
        kept = set(tx.execute("select guest_id, other_id from possible_duplicate").fetchall())
        ids = [id for (id,) in tx.execute("select id from guest order by id").fetchall()]
        guests = store.named(tx, ids)
        for one, other in Random(3).sample([(a, b) for a in ids for b in ids if a < b], 1_500):
            asked = store.pair_of(tx, one, other)
            alike = likeness_of(asked, guests[one], guests[other])
            told_by_sql = {Reason.SAME_EMAIL: asked.same_email, Reason.SAME_PHONE: asked.same_phone}
            assert {reason for reason, is_found in told_by_sql.items() if is_found} == {*told_by_sql} & {*alike.reasons}
            assert alike.score < FILED_FROM or (one, other) in kept
    assert BITS["best_name"] == max(reason.bits for reason in Reason if "name" in reason or reason == Reason.SPELLING)


def twosome(segments: Database) -> tuple[UUID, UUID]:
    phone = "+447700900123"
    second = person(1, "Rita", "Cantú", email="r@example.com", phone=phone)
    bring(segments, iter([person(1, "Rita", "Cantu", phone=phone), second]))
    with segments.transaction() as tx:
        for (point,) in tx.execute("select point from contact_point").fetchall():
            tx.execute("update contact_point set address_sealed = %s where point = %s",
                       [tx.keyring.seal(point, Sealing.CONTACT), point])  # fmt: skip
    search(segments)
    return pair(segments)


def test_the_desk_lists_pairs_with_their_reasons_and_shortens_contacts(segments: Database) -> None:
    twosome(segments)
    filipa = desk(segments)
    page = filipa.get("/segments/duplicates")
    text = words(page)
    for said in ("Rita Cantu", "Rita Cantú", "almost certain", "the same phone number", "the same birth date"):
        assert said in text
    assert "+447700900123" not in text and "r@example.com" not in text
    shown = words(filipa.post("/segments/duplicates", {"show": "page"}))
    assert "r@example.com" in shown
    seen = audited(segments)
    assert seen.count("duplicates.listed") == 2 and seen.count("contacts.shown") == 1


def audited(database: Database) -> list[str]:
    rows = rows_of(database, "select body from outbox where type = 'audit.recorded.v1' order by id")
    return [action for (body,) in rows for action in decode("audit.recorded.v1", bytes(body))["action"]]


def test_who_does_not_see_both_sees_no_pair(segments: Database) -> None:
    one, other = twosome(segments)
    assert "Nothing to decide" in words(desk(segments, WEI).get("/segments/duplicates"))
    assert desk(segments, WEI).get(f"/segments/duplicates/{one}/{other}").status_code == 404
    with segments.transaction() as tx:
        tx.execute("update guest set home_property = 'SHA' where id = %s", [other])
    for who in (FILIPA, WEI):
        assert "Nothing to decide" in words(desk(segments, who).get("/segments/duplicates"))
        assert desk(segments, who).get(f"/segments/duplicates/{one}/{other}").status_code == 404
    assert "almost certain" in words(desk(segments, MARTA).get("/segments/duplicates"))


def test_pages_of_pairs_follow_one_another_and_none_is_lost(segments: Database) -> None:
    bring(segments, people(5, 60, 60))
    search(segments)
    (count,) = rows_of(segments, "select count(*) from possible_duplicate")[0]
    filipa, address, seen = desk(segments), "/segments/duplicates", list[str]()
    while address:
        page = filipa.get(address).get_data(as_text=True)
        seen += re.findall(r'href="(/segments/duplicates/[^"]+)"', page)
        following = re.search(r'href="(/segments/duplicates\?after=[^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == count > 40


def test_two_are_compared_merged_and_taken_apart_again(segments: Database) -> None:
    one, other = twosome(segments)
    filipa = desk(segments)
    text = words(filipa.get(f"/segments/duplicates/{one}/{other}"))
    for said in ("Are they one person?", "the same phone number", "Same person", "Different people"):
        assert said in text
    assert "r@example.com" not in text
    assert "r@example.com" in words(filipa.post(f"/segments/duplicates/{one}/{other}", {"show": "page"}))
    filipa.post(f"/segments/guests/{one}/merge/{other}")
    assert "Merged records" in words(filipa.get(f"/segments/guests/{one}"))
    assert "merged by Filipa Faria" in words(filipa.get(f"/segments/guests/{one}/merges"))
    for _ in range(2):
        text = words(filipa.post(f"/segments/guests/{one}/merges/{other}/apart"))
        assert "They are two guests again." in text
    assert told(segments).count("guest.unmerged") == 1
    assert "Nothing to decide" in words(filipa.get("/segments/duplicates"))
    assert "took a merge apart" in words(filipa.get(f"/segments/guests/{one}"))


def test_a_merge_from_before_they_were_written_down_is_shown_and_cannot_be_taken_apart(segments: Database) -> None:
    one, other = twosome(segments)
    with segments.transaction() as tx:
        tx.execute("update guest set merged_into = %s where id = %s", [one, other])
    filipa = desk(segments)
    assert "it cannot be taken apart" in words(filipa.get(f"/segments/guests/{one}/merges"))
    assert filipa.post(f"/segments/guests/{one}/merges/{other}/apart").status_code == 409


def test_any_two_guests_are_merged_from_their_pages(segments: Database) -> None:
    enter(segments, [RITA, JOAO])
    one, other = guest_id(RITA), guest_id(JOAO)
    filipa = desk(segments)
    assert "João Conceição" not in words(filipa.get(f"/segments/guests/{one}/merge"))
    found = filipa.get(f"/segments/guests/{one}/merge?q=joao").get_data(as_text=True)
    assert f"/segments/duplicates/{one}/{other}" in found
    assert "little speaks for it" in words(filipa.get(f"/segments/duplicates/{one}/{other}"))


def test_who_may_not_care_for_guests_decides_nothing(segments: Database) -> None:
    one, other = twosome(segments)
    anton = desk(segments, ANTON)
    for path in ("/segments/duplicates", f"/segments/duplicates/{one}/{other}", f"/segments/guests/{one}/merges"):
        assert anton.get(path).status_code == 403


def test_a_guest_who_is_not_merged_cannot_be_taken_out(segments: Database) -> None:
    one, other = twosome(segments)
    filipa = desk(segments)
    filipa.get(f"/segments/guests/{one}/merges")
    assert filipa.post(f"/segments/guests/{one}/merges/{other}/apart").status_code == 200  # they are two already
    assert "guest.unmerged" not in told(segments)
