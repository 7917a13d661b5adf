"""What is concluded from guests and stays, and who is in which segment."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, Columns, colleague, key, personal, plain, without_person
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

CONCLUDED = (
    *("home_zone", "title", "language", "country", "region", "home_property", "tier", "tags", "do_not_contact"),
    *("birth_date", "birth_md", "birth_year", "email_consent", "email_until", "email_personal", "sms_consent"),
    *("sms_until", "sms_personal", "in_house", "next_arrival_on", "last_reservation", "last_property", "last_channel"),
    *("last_room_type", "last_market_segment", "last_lead_days", "in_no_audience"),
    *("offers_held", "offers_used", "offers_referred"),
    *("email_delivered_on", "email_bounced_on", "email_complained_on", "email_arrives", "sms_delivered_on"),
    *("sms_bounced_on", "sms_complained_on", "sms_arrives", "whatsapp_consent", "whatsapp_until"),
    *(
        "whatsapp_personal",
        "whatsapp_delivered_on",
        "whatsapp_bounced_on",
        "whatsapp_complained_on",
        "whatsapp_arrives",
    ),
    *("email_written_on", "email_clicked_on", "sms_written_on", "sms_clicked_on", "whatsapp_written_on"),
    *("whatsapp_clicked_on", "last_nights", "last_rate_plan", "last_company", "last_party", "last_weekday", "points"),
    "last_companions",
    *("last_answer_on", "last_score", "answers", "open_cases", "last_case_closed_on", "journeys", "lists"),
    *("last_praised", "last_criticised"),
    *("lunar_md", "first_arrival_on", "first_arrival_md", "journeys_entered", "last_entered_on"),
    "entered_days",
)  # the same as in guests, contact points, consents, messages and stays, made ready for rules


def _figures(**labels: str) -> Columns:
    return {name: personal(PersonalKind.CONDUCT, label) for name, label in labels.items()}


# The guest's file names segments in words (`services.segments.queries.guests.file`).
SEGMENTS = (
    Table(
        name="guest_facts",
        what="Figures about the guest",
        why="What segments' rules ask of a guest, kept ready.",
        columns={
            **key("guest_id", "last_stay_id"),
            **dict.fromkeys(CONCLUDED, personal(PersonalKind.CONDUCT)),
            **_figures(stays="Stays", nights="Nights"),
            "spend": personal(PersonalKind.CONDUCT, "Spent", money="''"),
            "mean_spend": personal(PersonalKind.CONDUCT, "Spent a stay", money="'hotel:' || last_property"),
            **_figures(
                bookings="Bookings", cancellations="Cancelled", no_shows="Not come", last_checkout_on="Last check-out"
            ),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="guest_prediction",
        what="What is expected of the guest",
        why="How often a guest is to come again, and when: a calculation, made anew every month.",
        columns={
            **key("guest_id"),
            **plain("as_of"),
            "property": personal(PersonalKind.CONDUCT),
            **_figures(alive="Chance that they may still come", visits="Stays expected in a year"),
            "worth": personal(PersonalKind.CONDUCT, "Revenue expected in a year", money="''"),
            **_figures(month="Likely month of the next stay"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="membership",
        what="Segments the guest is in",
        why="Who is in which segment now.",
        columns={**key("guest_id"), "segments": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="membership_since",
        what="Days in segments",
        why="Since when a guest is in a segment, where a rule asks for how long it has been so.",
        columns={**key("guest_id"), "segment": personal(PersonalKind.CONDUCT), "since": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="membership_change",
        what="Segments entered and left",
        why="When a guest entered or left a segment, and what moved them.",
        columns={
            **key("guest_id"),
            "segment": personal(PersonalKind.CONDUCT),
            **plain("version", "initial"),
            "at": personal(PersonalKind.CONDUCT),
            "entered": personal(PersonalKind.CONDUCT),
            "because": personal(PersonalKind.CONDUCT),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    without_person(
        "property_known",
        "Hotels",
        "Whose guests and stays they are.",
        *("code", "version", "name", "zone", "country", "legal_entity", "told_of_survey", "heard_at"),
        *("currency", "currency_seen", "names", "colour", "logo"),
    ),
    without_person(
        "property_average", "Averages", "What a stay brings on average.", "property", "as_of", "mean_spend", "stays"
    ),
    Table(
        name="reporting_currency",
        what="Reporting currency",
        why="In which hotels are added and compared.",
        columns={**plain("single", "currency", "chosen_at"), **colleague("chosen_by")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="exchange_rate",
        what="Rates of exchange",
        why="By which amounts are converted.",
        columns={**plain("base", "quote", "day", "rate", "source", "entered_at"), **colleague("entered_by")},
        kept=Kept.INSTALLATION,
    ),
    without_person(
        "conversion_run",
        "Conversions under way",
        "How far amounts are converted after a change of rates.",
        *("id", "planned_at", "since", "arrival", "stay_id"),
    ),
    without_person("rank_cut", "Ranks", "What divides guests into hundredths.", "measure", "as_of", "downs"),
    without_person("journey_known", "Journeys", "What journeys are called.", "journey", "version", "name"),
    without_person("snapshot_plan", "Averages to come", "When averages are taken next.", "name", "next_at"),
    without_person(
        "segment",
        "Segments",
        "The rules that make segments.",
        *("number", "key", "name", "rule", "private", "in_use", "version", "created_at", "changed_at"),
        *("evaluated_at", "retired_at", "folder", "days_kept"),
    ),
    Table(
        name="segment_export",
        what="Exports of segments",
        why="Who made an export of which segment, and until when it is open.",
        columns={
            **plain("id", "segment", "made_at", "expires_at", "downloads"),
            **colleague("made_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    without_person("lunar_month", "Lunar calendar", "When its months begin.", "begins", "month", "leap", "days"),
    without_person("segment_size", "Sizes of segments", "How many are in a segment.", "number", "members"),
    without_person(
        "segment_size_day",
        "Sizes by day",
        "How a segment grew.",
        "number",
        "day",
        "members",
        "email",
        "sms",
        "whatsapp",
    ),
    without_person(
        "wanted_segment",
        "Segments that templates want",
        "By which segments published templates show blocks.",
        *("segment", "version", "wanted"),
    ),
    without_person(
        "journey_needs", "Segments made for journeys", "Which go when none needs them.", "journey", "at", "segments"
    ),
    without_person("ruleset", "Rules in force", "By which rules memberships stand.", "single", "digest"),
    without_person(
        "evaluation_run",
        "Evaluation under way",
        "How far the evaluation of everybody has come.",
        *("single", "digest", "after", "initial", "started_at", "planned"),
    ),
    without_person(
        "evaluation_range",
        "Ranges of an evaluation",
        "Which ranges of guests are left of the evaluation of everybody.",
        *("upto", "after", "guests"),
    ),
    without_person(
        "segment_size_change", "Sizes to add", "What is to be added to the sizes.", *("id", "number", "members")
    ),
    without_person(
        "rehearsal_wanted",
        "Rehearsals asked for",
        "How far ahead journeys are to be rehearsed.",
        *("id", "version", "at", "until", "segments", "as_booked", "is_replay", "dates", "wanted", "changed_at"),
    ),
    without_person("zone_sweep", "Days swept", "Which day was swept in a zone.", "zone", "swept_to", "next_at"),
    without_person(
        "sweep_part",
        "Turns of a day in parts",
        "Who is left to be looked at today: by number, for as long as the turn of a day takes.",
        *("zone", "day", "fact", "number", "guests", "is_left", "planned_at"),
    ),
)
