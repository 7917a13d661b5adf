"""Launch starts from now, can be taken back for ten minutes, and versions never change."""

from __future__ import annotations

import json
from datetime import date

import psycopg
import pytest

from services.campaigns.commands.launch import end, launch, pause, resume, take_back
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden
from services.campaigns.shipped import KEYS, install_shipped, shipped
from shared.errors import Conflict, NotFound
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, stay
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase

LAUNCH = "2016-05-01 09:00"


def launched(make_database: MakeDatabase) -> Campaigns:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, instant(LAUNCH))
        launch(tx, "post-stay-survey", at=instant(LAUNCH), by="marketer")
    return Campaigns(database)


@pytest.mark.parametrize(
    ("out", "enrolled"), [("2016-05-01 08:59", 0), ("2016-05-01 09:00", 1), ("2016-05-01 12:00", 1)]
)
def test_only_entries_from_the_launch_on_enrol(make_database: MakeDatabase, out: str, enrolled: int) -> None:
    campaigns = launched(make_database)
    campaigns.hear(stay("checked_out", 2, at=out), "2016-05-01 12:00")
    assert len(campaigns.enrolments()) == enrolled


def test_nothing_happens_before_a_launch(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, instant(LAUNCH))
    campaigns = Campaigns(database)
    campaigns.hear(stay("checked_out", 2, at="2016-05-02 12:00"))
    campaigns.hear(audience(ANA, 1, True, "2016-05-02 12:00", because=lapse()))
    assert campaigns.enrolments() == []


def test_a_launch_says_which_audiences_it_listens_to(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    launches = {said["journey"]: said["segments"] for said in campaigns.published("journey.launched.v1")}
    assert launches == {
        "birthday": ["birthday-in-7-days"],
        "post-stay-survey": [],
        "win-back": ["lapsed-3-months"],
    }


def test_a_launch_says_what_it_sends_and_its_end_that_it_does_no_more(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    launches = {said["journey"]: said for said in campaigns.published("journey.launched.v1")}
    uses = {key: (said["templates"], said["entry"]) for key, said in launches.items()}
    assert uses["win-back"] == (["win-back"], "lapsed-3-months")
    assert uses["post-stay-survey"] == (["post-stay-survey"], "")
    with campaigns.database.transaction() as tx:
        pause(tx, "birthday", at=instant("2016-05-03 12:00"))
        end(tx, "birthday", at=instant("2016-05-03 13:00"))
    (ended,) = campaigns.published("journey.ended.v1")
    assert (ended["journey"], ended["ended_at"]) == ("birthday", "2016-05-03T13:00:00Z")


def test_no_message_leaves_in_the_first_ten_minutes(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    at = "2016-05-02 09:55"
    with database.transaction() as tx:
        install_shipped(tx, instant(at))
        launch(tx, "post-stay-survey", at=instant(at), by="marketer", entries_from=date(2016, 5, 1))
    campaigns = Campaigns(database)
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 12:00"), at)
    assert campaigns.next_due() == instant("2016-05-02 10:05")


def test_a_launch_taken_back_leaves_nobody_enrolled(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 09:05"))
    with campaigns.database.transaction() as tx:
        take_back(tx, "post-stay-survey", at=instant("2016-05-01 09:09"))
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 09:10", reservation="R2"))
    assert campaigns.enrolments() == []
    assert campaigns.next_due() is None


def test_after_ten_minutes_a_launch_stands(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    with pytest.raises(Conflict), campaigns.database.transaction() as tx:
        take_back(tx, "post-stay-survey", at=instant("2016-05-01 09:10"))


def test_a_journey_taken_back_may_be_launched_again_from_then_on(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    with campaigns.database.transaction() as tx:
        take_back(tx, "post-stay-survey", at=instant("2016-05-01 09:09"))
        launch(tx, "post-stay-survey", at=instant("2016-05-01 11:00"), by="marketer")
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 10:59"))
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 11:00", reservation="R2"))
    assert [row[0] for row in campaigns.enrolments()] == ["stay:R2"]


def test_a_pause_stops_the_timers_and_resuming_lets_them_run(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 12:00"))
    with campaigns.database.transaction() as tx:
        assert pause(tx, "post-stay-survey", at=instant("2016-05-01 13:00")) == 1
    campaigns.hear(stay("checked_out", 2, at="2016-05-01 14:00", reservation="R2"))
    assert campaigns.next_due() is None
    assert campaigns.tick("2016-05-03 10:00") == 0
    campaigns.hear(stay("reinstated", 3, status="checked_in", at="2016-05-03 11:00"))
    with campaigns.database.transaction() as tx:
        assert resume(tx, "post-stay-survey", at=instant("2016-05-03 12:00")) == 1
    assert campaigns.tick("2016-05-03 12:00") == 1
    assert [message["occurrence"] for message in campaigns.requested()] == ["stay:R2"]


def test_verbs_that_do_not_fit_are_refused(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    at = instant("2016-05-01 09:01")
    with campaigns.database.transaction() as tx:
        with pytest.raises(NotFound):
            launch(tx, "surprise", at=at, by="marketer")
        with pytest.raises(NotFound):
            launch(tx, "birthday", at=at, by="marketer", version=7)
        with pytest.raises(Conflict):
            resume(tx, "post-stay-survey", at=at)
        with pytest.raises(Conflict):
            pause(tx, "birthday", at=at)
        pause(tx, "post-stay-survey", at=at)
        with pytest.raises(Conflict):
            launch(tx, "post-stay-survey", at=at, by="marketer")


def test_publishing_the_same_again_makes_no_version(make_database: MakeDatabase) -> None:
    with make_database("campaigns").transaction() as tx:
        assert install_shipped(tx, instant(LAUNCH)) == dict.fromkeys(KEYS, 1)
        assert install_shipped(tx, instant(LAUNCH)) == dict.fromkeys(KEYS, 1)
        assert install_shipped(tx, instant(LAUNCH), overrides={"birthday": {"holdout": 0}})["birthday"] == 2


@pytest.mark.parametrize("change", ["update journey_version set published_by = 'x'", "delete from journey_version"])
def test_a_published_version_cannot_be_changed(make_database: MakeDatabase, change: str) -> None:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, instant(LAUNCH))
    with pytest.raises(psycopg.errors.RaiseException), database.transaction() as tx:
        tx.execute(change)


def test_who_is_enrolled_finishes_in_her_version(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for guest, at in ((ANA, "2016-05-29 22:00"), (BEN, "2016-05-29 22:00")):
        campaigns.hear(audience(guest, 1, True, at, because=lapse()))
    changed = overridden(
        shipped("win-back"), {"entry/audience": "lapsed-6-months", "steps/3/send/channels": ["sms"], "holdout": 5}
    )
    with campaigns.database.transaction() as tx:
        version = publish(tx, changed, instant("2016-05-30 00:00"), "marketer")
        launch(tx, "win-back", at=instant("2016-05-30 00:00"), by="marketer")
    campaigns.hear(audience(CARLA, 1, True, "2016-05-30 01:00", segment="lapsed-6-months", because=lapse()))
    campaigns.hear(audience(BEN, 2, False, "2016-05-30 02:00"))  # the audience of the version she is in
    campaigns.run("2016-12-31 00:00")
    by_guest = {message["guest_id"]: message for message in campaigns.requested()}
    assert {guest: message["journey_version"] for guest, message in by_guest.items()} == {
        str(ANA): 1,
        str(CARLA): version,
    }
    assert by_guest[str(ANA)]["channels"] == ["email", "sms"]
    assert by_guest[str(CARLA)]["channels"] == ["sms"]
    assert by_guest[str(CARLA)]["holdout"] == 5


def test_documents_are_kept_as_they_were_published(make_database: MakeDatabase) -> None:
    with make_database("campaigns").transaction() as tx:
        install_shipped(tx, instant(LAUNCH))
        rows = tx.execute("select journey, document from journey_version").fetchall()
    assert {key: json.dumps(document, sort_keys=True) for key, document in rows} == {
        key: json.dumps(shipped(key), sort_keys=True) for key in KEYS
    }
