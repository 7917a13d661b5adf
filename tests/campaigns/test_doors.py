"""The doors of campaigns: its settings, what it hears, and how it is put together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.campaigns.config import Config
from services.campaigns.consumer import SUBSCRIPTIONS
from services.campaigns.service import SERVICE
from shared.access.people import ACCESS
from shared.clock import VirtualClock
from shared.errors import SettingError
from shared.events import all_types, chunk_of
from shared.events.console import PropertyChanged
from shared.events.messaging import OFFER_USES
from tests.campaigns.cast import Campaigns, instant
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire


def test_campaigns_hears_what_the_design_says() -> None:
    hears = {name for subscription in SUBSCRIPTIONS if subscription is not ACCESS for name in subscription.handlers}
    said_by_segments = {
        one.name
        for one in all_types()
        if one.publishers == ("segments",) and one.name.split(".")[0] in ("stay", "guest", "audience")
    }
    said_by_messaging = {
        one.name for one in all_types() if one.publishers == ("messaging",) and one.name.startswith("message.")
    }
    others = {
        *("survey.answered.v1", "answer.understood.v1", "case.opened.v1", "case.closed.v1"),
        *("optout.requested.v1", "task.closed.v1"),
        *("property.changed.v1", "retention.changed.v1", "warning.raised.v1"),
    }
    # Who is in a segment that a template asks for; what figures keep of a stay whose guest was erased.
    of_others_alone = {"audience.listed.v1", "stay.kept.v1"}
    assert hears == (said_by_segments | said_by_messaging | others | set(OFFER_USES)) - of_others_alone


def test_the_service_is_put_together_with_one_clock(make_database: MakeDatabase) -> None:
    service = SERVICE.build(Config(), make_database("campaigns"), VirtualClock(datetime(2016, 1, 1, tzinfo=UTC)))
    assert service.name == "campaigns"
    assert [clock.name for clock in service.clocks] == ["timers"]
    assert sorted(path.name for path in service.migrations.glob("*.sql")) == [
        "001_campaigns.sql",
        "002_pages.sql",
        "003_launch_checked.sql",
        "004_tallies.sql",
        "005_awaiting.sql",
        "006_erased.sql",
        "007_guests_of_hotels.sql",
        "008_unmerge.sql",
        "009_events_seen.sql",
        "010_offer_goals.sql",
        "011_clicks.sql",
        "012_rehearsals.sql",
        "013_stay_dates.sql",
        "014_splits.sql",
        "015_scores.sql",
        "016_results.sql",
        "017_rehearsed_stays.sql",
        "018_calendars.sql",
        "019_deeds.sql",
        "020_entering.sql",
        "021_versions.sql",
        "022_broadcasts.sql",
        "023_goals.sql",
        "024_draft_history.sql",
        "025_own_surveys.sql",
        "026_own_hours.sql",
        "027_rehearsed_sums.sql",
        "028_message_language.sql",
        "029_kept_results.sql",
        "030_clicks_by_time.sql",
        "031_webhook_steps.sql",
        "032_offer_steps.sql",
        "033_deeds_again.sql",
        "034_entered_told.sql",
        "035_results_aside.sql",
        "036_merged_into.sql",
        "037_rehearsals_in_turn.sql",
        "038_results_of_a_version.sql",
        "039_warnings.sql",
        "040_understood.sql",
        "041_tiers.sql",
        "042_points.sql",
        "043_messages_of_enrolments.sql",
        "044_written_by_messages.sql",
        "045_written_by_messages_gone.sql",
        "046_messages_narrow.sql",
        "047_messages_by_step.sql",
        "048_settled_and_members.sql",
    ]


def test_settings_have_defaults_and_name_what_is_wrong() -> None:
    assert Config.read({}) == Config(timers=2000)
    assert Config.read({"GUESTLOOP_CAMPAIGNS_TIMERS": "50"}).timers == 50
    for wrong in ("0", "many", "-1"):
        with pytest.raises(SettingError, match="GUESTLOOP_CAMPAIGNS_TIMERS"):
            Config.read({"GUESTLOOP_CAMPAIGNS_TIMERS": wrong})


def test_the_newest_state_of_a_property_is_kept(make_database: MakeDatabase) -> None:
    campaigns = Campaigns(make_database("campaigns"))
    for version, name in ((2, "Hotel Tejo"), (1, "Hotel")):
        event = PropertyChanged(
            code="LIS",
            version=version,
            name=name,
            zone="Europe/Lisbon",
            country="PT",
            legal_entity="Tejo SA",
            postal_address="Rua 1",
            contact="desk@example.com",
            told_of_survey=True,
            survey_threshold=6,
            occurred_at=instant("2016-01-01 00:00"),
        )
        campaigns.hear(off_the_wire(chunk_of([event])))
    with campaigns.database.transaction() as tx:
        assert tx.execute("select version, name, zone from property_known").fetchall() == [
            (2, "Hotel Tejo", "Europe/Lisbon")
        ]
