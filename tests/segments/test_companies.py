"""Companies as accounts: made by imports and by hand, merged and taken apart, with contacts and a day to follow up."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.rules.companies import folded
from shared.database.pool import Database
from tests.cast import FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_pages_guests import JOAO, RITA, bring, desk, guest_id
from tests.web import words

DAY = NOW.date().isoformat()
UMLAUT, CAPITALS = "Müller GmbH", "MUELLER  G.m.b.H."


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [replace(RITA, company=UMLAUT), replace(JOAO, company=CAPITALS)])
    return database


def accounts(database: Database) -> dict[str, UUID]:
    return dict(rows_of(database, "select name, id from company"))


def test_spellings_fold_and_a_number_is_like_no_other() -> None:
    assert folded(UMLAUT) == folded(CAPITALS) == "mueller gmbh"
    assert folded("223") is None


def test_an_import_makes_an_account_for_each_spelling_and_the_stay_keeps_it(segments: Database) -> None:
    made = accounts(segments)
    assert set(made) == {UMLAUT, "MUELLER G.m.b.H."}
    assert rows_of(segments, "select company, company_id from stay order by reservation") == [
        (UMLAUT, made[UMLAUT]), (CAPITALS, made["MUELLER G.m.b.H."]),
    ]  # fmt: skip


def test_two_spellings_are_proposed_merged_and_taken_apart(segments: Database) -> None:
    filipa, made = desk(segments), accounts(segments)
    one, other = made[UMLAUT], made["MUELLER G.m.b.H."]
    assert "Might be the same company" in words(filipa.get(f"/segments/companies/{one}"))
    filipa.post(f"/segments/companies/{one}/merge/{other}", {})
    page = words(filipa.get(f"/segments/companies/{one}"))
    assert "Also written" in page and "Might be" not in page and "Conceição" in page
    assert filipa.get(f"/segments/companies/{other}").status_code == 303
    filipa.post(f"/segments/companies/{one}/apart/{other}", {})
    page = words(filipa.get(f"/segments/companies/{one}"))
    assert "Conceição" not in page and "Might be" not in page


def test_what_is_due_comes_first_and_two_may_not_write_over_one_another(segments: Database) -> None:
    filipa, made = desk(segments), accounts(segments)
    url = f"/segments/companies/{made[UMLAUT]}/edit"
    form = {"version": "1", "name": UMLAUT, "rate_codes": "MUE1", "follow_up_on": DAY, "note": "x"}
    filipa.get("/segments/companies")
    assert "Saved." in words(filipa.post(url, form))
    assert filipa.post(url, form).status_code == 409
    page = words(filipa.get("/segments/companies"))
    assert "due" in page and page.index(UMLAUT) < page.index("MUELLER")
    other = f"/segments/companies/{made['MUELLER G.m.b.H.']}/edit"
    assert filipa.post(other, {"version": "1", "name": "M", "rate_codes": "MUE1"}).status_code == 422


@pytest.mark.parametrize(
    ("owner", "on", "home", "today"),
    [
        (MARTA, DAY, ["Follow up with Müller GmbH today"], True),
        (MARTA, "2026-11-20", ["Follow up with Müller GmbH: it was due before today"], True),
        (None, DAY, ["Follow up with Müller GmbH today"], True),
        (MARTA, "2026-11-22", [], False),
        (FILIPA, DAY, [], False),
    ],
    ids=["today", "late", "nobodys", "tomorrow", "a colleagues"],
)
def test_a_follow_up_that_is_due_is_on_its_owners_home_and_day(
    segments: Database, owner: Member | None, on: str, home: list[str], today: bool
) -> None:
    company = accounts(segments)[UMLAUT]
    with segments.transaction() as tx:
        values = [owner.person_id if owner else None, on, company]
        tx.execute("update company set owner = %s, follow_up_on = %s where id = %s", values)
    marta = desk(segments, MARTA)
    answer = marta.get("/segments/home").json
    assert answer is not None and [one["text"] for one in answer["needs"] if "Follow up" in one["text"]] == home
    assert [one["url"] for one in answer["needs"] if "Follow up" in one["text"]] == [
        f"/segments/companies/{company}" for _ in home
    ]
    assert ("Companies to follow up Müller GmbH" in words(marta.get("/segments/today"))) is today
    assert "Müller" not in words(desk(segments, WEI).get("/segments/today"))


def test_many_that_are_due_are_one_line(segments: Database) -> None:
    bring(segments, [replace(RITA, reservation=f"C-{n}", company=f"Firma {n}") for n in range(3)])
    with segments.transaction() as tx:
        tx.execute("update company set follow_up_on = %s", [DAY])
    answer = desk(segments, MARTA).get("/segments/home").json
    assert answer is not None
    (line,) = [one for one in answer["needs"] if one["url"] == "/segments/companies"]
    assert (line["text"], line["count"]) == ("5 companies are to be followed up", 5)


def test_another_hotel_sees_neither_the_list_nor_the_account(segments: Database) -> None:
    wei, made = desk(segments, WEI), accounts(segments)
    assert "Müller" not in words(wei.get("/segments/companies"))
    assert wei.get(f"/segments/companies/{made[UMLAUT]}").status_code == 404


def test_a_contact_follows_their_guest_through_a_merge_and_back(segments: Database) -> None:
    filipa, company = desk(segments), accounts(segments)[UMLAUT]
    rita, joao = guest_id(RITA), guest_id(JOAO)
    filipa.get(f"/segments/companies/{company}")
    filipa.post(f"/segments/companies/{company}/contacts/{joao}", {"job": "Buyer"})
    assert "Buyer" in words(filipa.get(f"/segments/companies/{company}"))
    with segments.transaction() as tx:
        merge_guests(tx, joao, rita, "x", NOW)
    assert rows_of(segments, "select guest_id from company_contact") == [(rita,)]
    with segments.transaction() as tx:
        unmerge_guest(tx, joao, "x", NOW)
    assert rows_of(segments, "select guest_id from company_contact") == [(joao,)]
