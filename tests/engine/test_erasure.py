"""A guest is erased in all services: looked for in every row, brought back by nothing, and the hotel's figures stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guestloop.composition.services import MANIFESTS, SERVICES, Group, build_group, prepare_databases, world_of
from guestloop.composition.virtual_world import World
from guestloop.operations.erase import Certificate, certificate
from guestloop.operations.republish import republish_subject, resend_since
from guestloop.operations.restored import erase_what_was_erased
from guestloop.operations.status import status_of
from services.console.queries.erasures import forgotten
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.guests.look_up import guests_meant
from services.segments.commands.reservations.enter import enter
from services.segments.rules.reservations import Reservation
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.embedded.home import throw_away_home
from shared.embedded.server import EmbeddedPostgres
from shared.events.dictionary import Chunk
from shared.personal_data.erasures import ErasureList
from shared.personal_data.retention.subjects import LeavingSubject
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus
from tests.conftest import KEYS
from tests.engine.planted import Search
from tests.engine.zephyrine import (
    BEGAN,
    ERASED,
    GUEST,
    HISTORY,
    LATER,
    NEIGHBOUR,
    PLANTS,
    TALLY,
    TO_COME,
    ZEPHYRINE,
    act,
    back_up,
    databases,
    figures,
    live,
    published,
    restore,
    rows,
    search,
)
from tests.messaging.keeping import drop_all

YEARS_LATER = ERASED.replace(year=2029)
DAYS = """
    select day, property, channel, market, currency, sum(bookings), sum(arrivals), sum(stays), sum(nights), sum(revenue)
    from stay_day group by 1, 2, 3, 4, 5 having sum(bookings) + sum(arrivals) + sum(stays) > 0 order by 1, 2, 3, 4, 5
"""
SIZES = """
    select members, (select count(*) from membership where segments @> array[number]) from segment_size order by number
"""


@dataclass
class Told:
    """What the story found on its way."""

    group: Group
    world: World
    before: Search
    after: Search
    figures: tuple[list[Any], list[Any]]
    certificate: Certificate
    heard: list[Chunk]
    listed: ErasureList
    backup: Path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Told, EmbeddedPostgres]]:
    clock, keyring = VirtualClock(BEGAN), KeyRing.parse(KEYS)
    listed = ErasureList(tmp_path_factory.mktemp("erasures") / "erasures")
    with throw_away_home() as home, home.postgres() as server:
        made = build_group(prepare_databases(server, keyring, BEGAN), clock, {})
        with closing(world_of(made, clock)) as world:
            live(made, world)
        made.close()
        back_up(server)
        made = build_group(prepare_databases(server, keyring, BEGAN), clock, {})
        with closing(made), closing(world_of(made, clock)) as world:
            before, figures_before = search(made), figures(made)
            heard = [chunk for service in SERVICES for chunk in published(made, service)]
            with made.database("segments").transaction() as tx:
                done = erase_guest(tx, GUEST, "Ada", ERASED, listed.append)
            world.mark_changed("segments")
            world.settle(ERASED)
            with made.database("console").transaction() as tx:
                said = forgotten(tx, [one.guest_id for one in done])
            proof = certificate([one.guest_id for one in done], done[0].erased_at, said)
            story = Told(
                made, world, before, search(made), (figures_before, figures(made)), proof, heard, listed, home.path
            )
            yield story, server


def test_the_guest_is_everywhere_before_and_nowhere_after(told: tuple[Told, EmbeddedPostgres]) -> None:
    story, _ = told
    missing = {plant for plant in PLANTS if not any(found == plant for _, found in story.before.hits)}
    assert missing == set(), "what was never there cannot prove anything"
    assert {place.split(".")[0] for place, _ in story.before.hits} == set(SERVICES) - {"console"}
    assert story.before.opened > 10
    print(f"\n{story.after.rows:,} rows searched, {sum(story.after.hits.values())} hits")
    assert story.after.hits == {}


def test_every_service_says_what_it_erased(told: tuple[Told, EmbeddedPostgres]) -> None:
    story, _ = told
    proof = story.certificate
    assert set(proof.done) == set(SERVICES)
    assert proof.rows["segments"]["guest"] == 1 and proof.rows["segments"]["stay"] == 2
    assert proof.rows["segments"]["outbox"] > 0 and proof.rows["feedback"]["dead_letter"] == 1
    assert proof.rows["messaging"]["delivery"] > 0 and proof.rows["feedback"]["survey_answer"] == 1
    assert proof.rows["campaigns"]["enrolment"] > 0
    assert proof.stays["segments"]["Stays"]


def test_the_figures_of_the_hotels_stay_as_they_were(told: tuple[Told, EmbeddedPostgres]) -> None:
    story, _ = told
    before, after = story.figures
    for one, other in zip(before[:1] + before[2:], after[:1] + after[2:], strict=True):
        assert one == other
    waiting = [line for line in before[1] if "'waiting'" not in line]
    assert [line for line in after[1] if "'waiting'" not in line] == waiting
    sizes = rows(story.group, "segments", SIZES)
    assert sizes and all(members == counted for members, counted in sizes)
    counted = sorted(map(str, rows(story.group, "campaigns", TALLY.replace("journey_tally", "journey_count"))))
    assert counted == after[1]


def test_the_neighbour_in_the_same_events_is_still_there(told: tuple[Told, EmbeddedPostgres]) -> None:
    story, _ = told
    found = Search(["Olympia", "olympia.m@example.com"], KeyRing.parse(KEYS)).through(databases(story.group))
    tables = {place for place, _ in found.hits}
    assert {"segments.guest", "segments.outbox", "messaging.recipient", "feedback.guest_known"} <= tables


def test_nothing_that_is_late_repeated_or_replayed_brings_the_guest_back(told: tuple[Told, EmbeddedPostgres]) -> None:
    """All that was ever published, once more and in both directions; then what each owner can publish again."""
    story, _ = told
    hear_all_again(story, ERASED)
    resend_since(story.group, BEGAN)
    sums = rows(story.group, "console", DAYS)
    with story.group.database("console").transaction() as tx:
        tx.execute("delete from stay_day")
        tx.execute("delete from stay_month")
        tx.execute("delete from stay_counted")
    for subject in ("guests", "stays", "erasures", "requests", "withdrawals", "tasks", "tags", "tiers"):
        republish_subject(story.group, subject, ERASED)
    for service in SERVICES:
        story.world.mark_changed(service)
    story.world.settle(ERASED + timedelta(minutes=5))
    assert search(story.group).hits == {}
    assert rows(story.group, "segments", "select count(*) from dead_letter") == [(0,)]
    assert sums and rows(story.group, "console", DAYS) == sums, "lost sums are filled with the erased guest's stays too"


def test_years_later_messages_without_a_person_leave_and_their_events_do_nothing(
    told: tuple[Told, EmbeddedPostgres],
) -> None:
    """The hotels' figures are the same, of what is gone too; all that was ever published comes once more."""
    story, _ = told
    theirs = "select message_id from delivery where guest_id = %s"
    messages = {one for (one,) in rows(story.group, "messaging", theirs, GUEST)}
    before = [figures(story.group), status_of(story.group, YEARS_LATER)["messaging"], everything_published(story)]
    for manifest in MANIFESTS:
        for subject in (one for one in manifest.subjects if isinstance(one, LeavingSubject)):
            with story.group.database(manifest.name).transaction() as tx:
                drop_all(subject, tx, YEARS_LATER)
    assert messages and rows(story.group, "messaging", theirs, GUEST) == []
    left = "select message_id from delivery_left"
    assert {one for (one,) in rows(story.group, "messaging", left)} == messages
    assert rows(story.group, "console", "select guest_id from guest_erased") == [(GUEST,)]
    assert rows(story.group, "console", "select from guest_forgotten") == []
    hear_all_again(story, YEARS_LATER)
    for service in SERVICES:
        story.world.mark_changed(service)
    story.world.settle(ERASED + timedelta(minutes=10))
    after = [figures(story.group), status_of(story.group, YEARS_LATER)["messaging"], everything_published(story)]
    assert after == before
    assert rows(story.group, "messaging", theirs, GUEST) == []
    assert search(story.group).hits == {}


def hear_all_again(story: Told, at: datetime) -> None:
    """All that was ever published, in both directions."""
    for chunk in (*story.heard, *reversed(story.heard)):
        for name, of in story.group.services.items():
            for handler in [
                one.handlers[chunk.type.name] for one in of.subscriptions if chunk.type.name in one.handlers
            ]:
                with story.group.database(name).transaction() as tx:
                    handler(tx, chunk, at)


def everything_published(story: Told) -> int:
    """Of how many messages messaging told, each as often as it did."""
    query = "select coalesce(sum(subjects), 0) from outbox where type like 'message.%%'"
    return int(rows(story.group, "messaging", query)[0][0])


def test_the_next_import_makes_stays_without_a_guest(told: tuple[Told, EmbeddedPostgres]) -> None:
    """The same rows, a changed one, and one never seen that was booked before the erasure."""
    story, _ = told
    guests = rows(story.group, "segments", "select count(*) from guest")
    unseen = replace(ZEPHYRINE, reservation="RES-ZQ-77-B", booked_on=date(2026, 3, 1), status_date=date(2026, 5, 4))
    left = replace(TO_COME, status=StayStatus.CANCELLED, status_date=date(2026, 5, 6))
    with story.group.database("segments").transaction() as tx:
        enter(tx, [ZEPHYRINE, left, unseen, NEIGHBOUR], LATER, HISTORY)
    story.world.mark_changed("segments")
    story.world.settle(LATER)
    assert search(story.group).hits == {}
    assert rows(story.group, "segments", "select count(*) from guest") == guests
    stays = rows(story.group, "segments", "select status, revenue from stay where guest_id = %s order by 1", GUEST)
    assert [status for status, _ in stays] == ["cancelled", "checked_out", "checked_out"]
    assert sum(revenue for _, revenue in stays) == 999


def test_who_comes_again_after_the_erasure_is_a_new_guest_without_advertising_until_they_agree(
    told: tuple[Told, EmbeddedPostgres],
) -> None:
    story, _ = told
    again = replace(
        ZEPHYRINE, reservation="RES-NEW", status=StayStatus.BOOKED, booked_on=date(2026, 5, 7),
        status_date=date(2026, 5, 7), arrival=date(2026, 9, 1), departure=date(2026, 9, 3),
        email_consent=ClaimedConsent.EXISTING_CUSTOMER, sms_consent=None,
    )  # fmt: skip
    new = again.key().guest_id()
    suppressed = """
        select purpose, source from suppression join recipient_point using (channel, point)
        where guest_id = %s and channel = 'email' order by 1
    """

    def come(row: Reservation, at: datetime) -> None:
        act(story.group, "segments", lambda tx: enter(tx, [row], at, HISTORY), story.world)
        story.world.settle(at)

    come(again, datetime(2026, 5, 7, 12, tzinfo=UTC))
    with story.group.database("segments").transaction() as tx:
        assert guests_meant(tx, "zephyrine.q@example.com") == [new]
    found = rows(story.group, "messaging", suppressed, new)
    assert found == [("feedback", "erasure"), ("marketing", "erasure")]
    agreed = replace(
        again, reservation="RES-NEW-2", booked_on=date(2026, 5, 8), status_date=date(2026, 5, 8),
        email_consent=ClaimedConsent.EXPRESS,
    )  # fmt: skip
    come(agreed, datetime(2026, 5, 8, 12, tzinfo=UTC))
    assert rows(story.group, "messaging", suppressed, new) == [("feedback", "erasure")]


def test_a_restored_backup_held_to_the_list_brings_nobody_back(told: tuple[Told, EmbeddedPostgres]) -> None:
    """The last one: the databases of the others are dropped for it."""
    story, server = told
    story.group.close()
    restore(server)
    clock = VirtualClock(LATER)
    group = build_group(prepare_databases(server, KeyRing.parse(KEYS), LATER), clock, {})
    with closing(group), closing(world_of(group, clock)) as world:
        assert search(group).hits != {}, "the backup is from before the erasure"
        assert erase_what_was_erased(group, story.listed.read(), LATER) == 1
        assert search(group).hits == {}, "before anything is sent"
        for service in SERVICES:
            world.mark_changed(service)
        world.settle(LATER)
        found = search(group)
        print(f"\n{found.rows:,} rows of the restored databases searched, {sum(found.hits.values())} hits")
        assert found.hits == {}
        with group.database("console").transaction() as tx:
            assert {one.service for one in forgotten(tx, [GUEST])} == set(SERVICES)
        assert erase_what_was_erased(group, story.listed.read(), LATER) == 0
