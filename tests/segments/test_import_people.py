"""A file of people without stays: newsletter, VIP and corporate lists become guests by the rules that reservations
follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.imports.chunks import Imported
from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.mappings import document_of, mapping_of
from services.segments.imports.people.names import list_named
from services.segments.imports.run import import_reservations
from services.segments.queries.published import guest_states
from services.segments.store.guests.care import set_tags
from shared.access.scope import scope_of
from shared.database.pool import Database
from shared.events.segments.guests import GuestChanged
from shared.vocabulary.consent import ClaimedConsent
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, row, rows_of

AT = datetime(2017, 1, 1, tzinfo=UTC)
PEOPLE = ImportMapping("list", constants={"property": "LIS"}, yes=ClaimedConsent.EXPRESS)
HEADER = "First name,Last name,E-mail,Mobile,Birthday,Newsletter"
RITA = "Rita,Cantu,rita@example.com,,1980-05-04,yes"


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


@pytest.fixture
def bring(segments: Database, tmp_path: Path) -> Callable[..., Imported]:
    def run(*lines: str, header: str = HEADER, name: str = "Newsletter 2016.csv", **said: object) -> Imported:
        file = tmp_path / name
        file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        mapping = said.pop("mapping", PEOPLE)
        assert isinstance(mapping, ImportMapping)
        return import_reservations(segments, file, mapping, **{"at": AT, **said})  # type: ignore[arg-type]

    return run


def states(database: Database) -> list[GuestChanged]:
    with database.transaction() as tx:
        ids = [one for (one,) in tx.execute("select id from guest where merged_into is null order by created_at, id")]
        return guest_states(tx, ids, AT)


def test_each_person_is_a_guest_without_a_stay_with_the_list_and_the_consents_source(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    done = bring(RITA, "Wei,Zhang,wei@example.com,,,no")
    assert (done.guests_made, done.stays_made, done.rejected, done.list_name) == (2, 0, 0, "Newsletter 2016")
    told = {one.given_name: one for one in states(segments)}
    assert told["Rita"].tags == ["Newsletter 2016"] and told["Rita"].home_property == "LIS"
    (consent,) = told["Rita"].consents
    assert (consent.state, consent.said_at) == (ClaimedConsent.EXPRESS, AT)
    assert consent.source_ref == "list «Newsletter 2016», file Newsletter 2016.csv (LIS)"
    assert told["Wei"].consents[0].state is ClaimedConsent.REFUSED
    said = Segments(segments).published("guest.changed.v1")
    assert {(one["given_name"], *one["tags"]) for one in said} == {
        ("Rita", "Newsletter 2016"),
        ("Wei", "Newsletter 2016"),
    }
    assert rows_of(segments, "select count(*) from stay") == [(0,)]


def test_the_same_list_again_is_nothing_new_and_brings_no_tag_back(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    bring(RITA, RITA)
    with segments.transaction() as tx:
        ((guest,),) = tx.execute("select id from guest").fetchall()
        set_tags(tx, guest, [], AT)
    again = bring(RITA, at=AT + timedelta(days=1))
    assert (again.unchanged, again.nothing_changed) == (1, True)
    changed = bring(f"{RITA.removesuffix('yes')}no", at=AT + timedelta(days=2))
    assert (changed.guests_made, changed.guests_changed) == (0, 1)
    (rita,) = states(segments)
    assert rita.tags == [] and rita.consents[0].state is ClaimedConsent.REFUSED


def test_who_is_known_is_joined_and_a_list_fills_only_what_is_unknown(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com", language="pt", email_consent=ClaimedConsent.REFUSED)], MORNING)
    header = "name,email,language,tier,newsletter"
    done = bring("Rita M. Cantu,rita@example.com,de,VIP,yes", header=header, mapping=PEOPLE)
    assert done.guests_made == 0 and dict(done.joins) == {"email": 1}
    (rita,) = states(segments)
    assert (rita.language, rita.tier, rita.given_name) == ("pt", "VIP", "Rita")
    assert {one.channel: one.state for one in rita.consents}["email"] is ClaimedConsent.REFUSED
    assert rita.tags == ["Newsletter 2016"] and rita.home_property == "LIS"


def test_another_name_on_the_address_and_a_couple_join_nobody(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    done = bring("Bruno,Sá,rita@example.com,,,yes", "Rita and Bruno,Cantu,rita@example.com,,1980-05-04,yes")
    assert done.guests_made == 2 and not done.joins
    assert {one.birth_date for one in states(segments)} == {None}


def test_an_address_alone_is_whose_it_is_and_a_guest_of_its_own_else(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    done = bring("rita@example.com", "new@example.com", header="E-mail")
    assert (done.guests_made, dict(done.joins)) == (1, {"email": 1})
    later = bring("new@example.com", header="E-mail", name="VIP.csv", at=AT + timedelta(days=1))
    assert later.guests_made == 0
    assert sorted(one.tags for one in states(segments)) == [["Newsletter 2016"], ["Newsletter 2016", "VIP"]]


def test_rows_by_which_nobody_can_be_told_and_bad_addresses_are_said(bring: Callable[..., Imported]) -> None:
    done = bring("Rita,Cantu,,,,yes", "Ana,Reis,none@,,,yes", "Wei,Zhang,,,1980-05-04,")
    assert (done.rejected, done.guests_made, sum(done.faults.values())) == (1, 2, 1)
    assert [(one["field"], one["rows"]) for one in done.reasons] == [("email", 1)]


def test_a_second_hotels_list_joins_nobody_of_the_first(segments: Database, bring: Callable[..., Imported]) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    theirs = ImportMapping("list", constants={"property": "SHA"})
    done = bring(RITA, mapping=theirs, properties=["SHA"], joins=scope_of(["SHA"]))
    assert (done.guests_made, done.duplicates) == (1, 1)
    assert {one.home_property: one.tags for one in states(segments)} == {"LIS": [], "SHA": ["Newsletter 2016"]}
    refused = bring(RITA, properties=["SHA"], joins=scope_of(["SHA"]))
    assert refused.rejected == 1


def test_whoever_was_erased_does_not_come_back_with_an_undated_list(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    bring(RITA)
    with segments.transaction() as tx:
        ((guest,),) = tx.execute("select id from guest").fetchall()
        erase_guest(tx, guest, "Marta Marques", AT + timedelta(days=1), lambda _: None)
    done = bring(RITA, at=AT + timedelta(days=2))
    assert (done.guests_made, done.superseded) == (0, 1)
    assert rows_of(segments, "select count(*) from contact_row") == [(0,)]


def test_a_day_of_signing_up_dates_the_consent(segments: Database, bring: Callable[..., Imported]) -> None:
    bring("rita@example.com,subscribed,2016-02-03", header="E-mail,Status,Opt-in date")
    (rita,) = states(segments)
    assert (rita.consents[0].state, rita.consents[0].said_at.date().isoformat()) == ("express", "2016-02-03")


def test_a_file_with_a_column_of_stays_holds_stays_and_what_a_source_was_taken_for_stays_so() -> None:
    known = ImportMapping()
    assert known.holds_of(["E-mail", "Name"]) is Holds.PEOPLE
    assert known.holds_of(["E-mail", "Name", "Arrival"]) is Holds.STAYS
    assert known.holds_of(["Name", "Hotel"]) is Holds.STAYS
    taken = mapping_of("pms", document_of(ImportMapping(holds=Holds.STAYS, list_name="VIP")))
    assert taken.holds_of(["E-mail", "Name"]) is Holds.STAYS and taken.list_name == "VIP"


@pytest.mark.parametrize(
    ("said", "file", "name"),
    [
        ("", "Newsletter 2016.csv.gz", "Newsletter 2016"), ("VIP, gold", "x.csv", "VIP gold"),
        ("", "会员名单.xlsx", "会员名单"), ("", ".csv", "list"), ("", "a" * 80 + ".csv", "a" * 40),
    ],
)  # fmt: skip
def test_a_list_is_called_as_said_else_as_its_file(said: str, file: str, name: str) -> None:
    assert list_named(said, file) == name
