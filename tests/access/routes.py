"""Every route of every service, and what its address is filled with: things of Shanghai's, which Lisbon must not get.

A route that is not known here fails the walk: whoever adds one says what its address names, and adds to `QUERIES` and
`FORMS` what else it takes by which another hotel's guest could be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.access.world import HERS, KEY, SHANGHAI, WARNING, House

READING = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN = {
    "static": "style sheets and pictures",
    "health.health": "whether it runs, without a word of anybody",
    "health.ready": "the same",
    "segments_api.openapi": "how the API is called",
    "messaging_api_consents.openapi": "the same",
    "feedback_api_mail.openapi": "the same",
    "segments_join.show": "whoever scans a code of the hotel's",
    "segments_join.sign_up": "the same",
    "segments_join.thanks": "the same",
    "segments_kiosk.show": "a device at the desk, by its cookie",
    "segments_kiosk.find": "the same",
    "segments_kiosk.save": "the same",
    "segments_kiosk.thanks": "the same",
    "segments_kiosk.away": "the same",
    "segments_kiosk.end": "the same",
    "messaging_way_out.ask": "a guest, by the signed link of a message",
    "messaging_way_out.leave": "the same",
    "messaging_way_out.preferences": "the same",
    "messaging_way_out.choose": "the same",
    "messaging_links.follow": "the same",
    "messaging_confirmation.show": "the same",
    "messaging_confirmation.press": "the same",
    "messaging_guest_offer.show": "the same",
    "messaging_guest_offer.qr": "the same",
    "messaging_guest_offer.barcode": "the same",
    "messaging_answer_picture.show": "the same",
    "messaging_api_offers.openapi": "how the API is called",
    "messaging_pictures_public.show": "whoever reads a mail",
    "console_brand_pictures.picture": "everybody: what a hotel shows to its guests",
    "feedback_surveys.ask": "the same",
    "feedback_surveys.answer": "the same",
    "feedback_surveys.answer_with_picture": "the same",
    "feedback_surveys.thanks": "the same",
    "feedback_twilio.incoming": "a provider, by its signature",
    "messaging_twilio.status": "the same",
    "messaging_receipts.of_ses": "the same",
    "messaging_receipts.of_mailgun": "the same",
    "messaging_receipts.of_postmark": "the same",
    "segments_api_ota.take": "the same, or of the message",
    "segments_api_systems.events": "a system that is connected, by the secret of its connection",
    "console_sign_in.ask": "whoever is about to sign in",
    "console_sign_in.sign_in": "the same",
    "console_sign_in.ask_password": "whoever was given a password for once",
    "console_sign_in.set_first_password": "the same",
    "console_second_step.ask_code": "whoever gave the right password",
    "console_second_step.check_code": "the same",
    "console_second_step.ask_to_set_up": "the same",
    "console_second_step.set_up": "the same",
    "console_second_step.ask_passkey": "whoever is about to sign in",
    "console_second_step.check_passkey": "the same",
    "console_reset.ask": "whoever forgot their password",
    "console_reset.send_link": "the same",
    "console_reset.asked": "the same",
    "console_reset.follow": "whoever was sent a signed link",
    "console_reset.choose": "the same",
    "console_reset.set_password": "the same",
    "console_reset.done": "the same",
    "console_oidc.leave": "whoever is about to sign in",
    "console_oidc.come_back": "whom the identity provider sends back",
}
"""Routes that ask nobody who they are, and whom they are for."""

OWN = {
    "segments_imports.bring": "a file of their own hotel",
    "segments_api_imports.bring": "the same, by a program",
    "segments_exports.make": "the guests of their own hotel, for themselves",
    "messaging_stops.stop": "their own hotel",
    "messaging_offers.start": "an offer of their own hotel",
    "messaging_offer_desk.use": "a code in their own hotel",
    "messaging_offer_desk.bring_uses": "codes that were used in their own hotel",
    "feedback_reviews.bring": "the same",
    "feedback_try_words.show": "words of their own, of which nothing is kept",
    "console_account.change_password": "their own account",
    "console_account.change_language": "the same",
    "console_sign_in.sign_out": "the same",
    "console_sessions.end": "their own session",
    "console_sessions.end_others": "the same",
    "console_second_factor.check_password": "their own account",
    "console_second_factor.propose": "the same",
    "console_second_factor.confirm": "the same",
    "console_second_factor.remove": "the same",
    "console_second_factor.new_codes": "the same",
    "console_second_factor.ask_passkey": "the same",
    "console_second_factor.keep_passkey": "the same",
    "console_second_factor.drop_passkey": "the same",
    "console_reports.choose": "which reports they get",
    "console_dashboards.start": "a dashboard of their own",
}
"""Forms that somebody of one hotel may send, and what they then change. `FORMS` tries them on another hotel."""

BY_NAME = {
    "person_id": str(SHANGHAI.person_id),
    "key_id": str(KEY.person_id),
    "code": "SHA",
    "country": "CN",
    "base": "EUR",
    "quote": "CNY",
    "day": "2026-11-20",
    "number": "1",
    "token": "x" * 66,
    "tag": "en",
    "step": "announcement",
    "part": "entry",
    "filename": "nothing.css",
    "what": "nothing",
    "field": "birth_date",
    "recognition_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "confirmation_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "right": "restricted",
    "kind": "html",
    "kept": "guest",
    "connection_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "domain": "casa.example.com",
    "selector": "gl1",
    "import_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "export_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "list_key": "nothing",
    "date_key": "of-shanghai",
    "rule_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "run_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "sender_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "channel": "email",
    "warning_id": str(WARNING),
    "rehearsal_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "move_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "dashboard_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "webhook_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "note_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "place": "SHA",
    "source": "pms",
    "compensation_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "picture_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "member_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "which": "department",
    "comment_id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7",
    "question": "nps",
    "way": "later",
    "picture": "0" * 64,
    "property": "SHA",
    "file": "0" * 64 + ".jpg",
}
KEYS = {"segments": "lapsed-3-months", "campaigns": "birthday", "messaging": "birthday"}
"""What belongs to all hotels alike, by service."""

GUEST = "{guest_id}"
QUERIES: Mapping[str, tuple[str, ...]] = {
    "segments_guests.guests": (
        *(f"q={word}" for word in ("Xúnlán", "Qíyuàn", HERS[2], "%2B447700900456", "SHA-7077")),
        "sort=arrival", "segment=recent", "which=unreachable", "country=GB",
    ),
    "segments_rfm.guests": ("class=LLL", "r=3&f=3"),
    "segments_figures.counted": ("span=month&first=2026-11-01", "span=year&first=2026-01-01&cut=country"),
    "segments_figure_guests.show": tuple(
        f"which={which}&from=2026-01-01&to=2026-12-31" for which in ("stayed", "known", "new", "booked", "email")
    ),
    "segments_cohorts.show": ("span=year&how=came",),
    "segments_churn.show": ("span=month&first=2026-11-01&trait=country",),
    "segments_churn.guests": ("span=year&first=2026-01-01", "span=year&first=2026-01-01&trait=channel&value=Direct"),
    "campaigns_returns.show": ("span=year&first=2026-01-01",),
    "segments_loyalty.show": ("span=month&first=2026-11-01",),
    "segments_partners.show": ("span=month&first=2026-11-01&by=channel&order=revenue",),
    "segments_new_guests.show": ("span=year&first=2026-01-01&cut=country",),
    "segments_first_visits.show": tuple(
        f"span=year&first=2026-01-01&which={which}&cut=channel&value=Direct"
        for which in ("new", "came", "back", "gone")
    ),
    "console_sources.show": ("span=year&cut=market",),
    "console_profit.show": ("span=year",),
    "segments_figures.outlets": ("span=month&first=2026-11-01",),
    "console_report_files.download": ("span=year",),
    "console_report_mail.show": ("kind=month&first=2026-10-01&hotel=SHA", "kind=week&first=2026-11-02&hotel=LIS"),
    "console_figures.show": ("span=year&cut=channel&value=Direct",),
    "feedback_key_figures.show": ("from=2026-01-01&to=2026-12-31",),
    "campaigns_key_figures.show": ("since=2026-01-01T00:00:00Z&until=2026-12-31T00:00:00Z",),
    "feedback_key_figures.course": ("span=month&first=2026-10-01", "span=year&first=2026-01-01"),
    "campaigns_key_figures.course": ("span=month&first=2026-10-01&zone=Europe/Lisbon",),
    "segments_guests.names": (f"ids={GUEST}",),
    "segments_why.ask": ("q=Xúnlán", "q=SHA-7077"),
    "segments_about.about": ("with=reachable-by-email",),
    "segments_api_spend.listed": (f"guest={GUEST}",),
    "segments_api_guests.listed": tuple(
        f"q={word}" for word in ("Xúnlán", "xunlan", HERS[2], "%2B447700900456", "0456", "SHA-7077", "7077")
    ),
    "segments_merges.choose": ("q=Xúnlán", "q=SHA-7077"),
    "messaging_messages.index": ("state=unknown", "state=sent", "journey=birthday", "channel=email", "day=2026-11-19"),
    "messaging_templates.show": (f"guest={GUEST}", "q=Xúnlán"),
    "messaging_templates.preview": (f"guest={GUEST}",),
    "messaging_editor.edit": (f"guest={GUEST}", "q=Xúnlán"),
    "messaging_side_by_side.show": (f"guest={GUEST}", "q=Xúnlán", "draft=1"),
    "feedback_cases.show": ("view=closed", "view=mine", "view=nobodys", "kind=complaint", "department=front_desk"),
    "feedback_tasks.show": ("view=mine", "view=done", "department=front_desk"),
    "feedback_tasks.new": ("of=SHA", f"guest={GUEST}", "case={case_id}"),
    "feedback_praise.show": ("of=SHA", f"guest={GUEST}"),
    "feedback_opening.new": (f"guest={GUEST}",),
    "feedback_replies.show": ("view=all", "view=stops", "view=unread", "view=scores"),
    "feedback_inbox.show": ("view=all", "view=unread", "view=done", "q=Xúnlán&view=all", "q=SHA-7077&view=all"),
    "feedback_canned.show": ("change={canned_id}",),
    "feedback_answers.show": ("q=umbrella", "group=detractors", "days=365"),
    "feedback_texts.show": ("days=365", "feeling=neutral", "topic=room", "kind=reply"),
    "feedback_by_hand.ask": (f"guest={GUEST}",),
    "feedback_improvements.show": ("of=SHA",),
    "campaigns_rehearsals.rehearsal": ("journey=birthday",),
    "campaigns_people.people": ("what=sent", "what=waiting", "what=refused", "step=announcement&what=all"),
}  # fmt: skip
"""What lists are asked for beside the plain page and another hotel chosen in the corner."""

LISTS = (
    "segments_guests.guests", "segments_duplicates.duplicates", "feedback_cases.show", "feedback_replies.show",
    "feedback_answers.show",
)  # fmt: skip
"""Lists whose form asks for contacts and words in full: it is noted that somebody did, and nothing else changes."""

OFFER = {
    "tongues": "en", "name-en": "x", "terms-en": "x", "kind": "unique", "worth": "percent", "number": "5",
}  # fmt: skip
SENDER = {"name": "x", "from_address": "a@b.example", "host": "mail.b.example", "port": "25", "security": "none"}
FORMS: Mapping[str, Mapping[str, str]] = {
    "feedback_opening.enter": {
        "guest": GUEST, "kind": "complaint", "how": "desk", "words": "x", "ref": "r", "stay": "",
    },
    "feedback_case_changes.own": {"owner": str(SHANGHAI.person_id), "version": "1"},
    "feedback_case_changes.close": {"version": "1", "outcome": "put_right"},
    "feedback_case_changes.note": {"note": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "words": "x"},
    "feedback_case_changes.reopen": {"version": "1"},
    "feedback_case_changes.place": {"version": "1", "room": "412", "matter": "noise", "department": "", "level": "3"},
    "feedback_case_merging.merge": {"version": "1", "into": "{case_id}"},
    "feedback_compensation.give": {
        "id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "kind": "refund", "amount": "5", "currency": "EUR",
        "approver": str(SHANGHAI.person_id),
    },
    "feedback_tasks.make": {
        "id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "hotel": "SHA", "title": "x", "due": "2026-11-22T10:00",
        "department": "front_desk", "guest": GUEST, "case": "{case_id}",
    },
    "feedback_praise.enter": {
        "id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "hotel": "SHA", "department": "front_desk", "guest": GUEST,
        "words": "x",
    },
    "feedback_care.terms": {
        "hours1": "1", "hours2": "1", "hours3": "1", "answer_within": "1", "alert_level": "1",
    },
    "feedback_care.option": {"name": "x", "active": "1"},
    "feedback_care.add": {"id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "name": "x", "number": "+351210000000"},
    "feedback_inbox.answer": {
        "answer": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "channel": "sms", "words": "x", "seen": "",
    },
    "feedback_inbox.read": {"version": "1", "unread": "false"},
    "feedback_inbox.close": {"version": "1"},
    "feedback_inbox.reopen": {"version": "1"},
    "feedback_inbox.own": {"version": "1", "owner": str(SHANGHAI.person_id)},
    "feedback_inbox.recognise_guest": {"version": "1", "guest": "{guest_id}"},
    "feedback_inbox.snooze": {"version": "1", "until": "hour"},
    "feedback_inbox.fill": {"canned": "{canned_id}", "words": "x"},
    "feedback_canned.write": {
        "id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "version": "0", "hotel": "SHA", "name": "x", "text_en": "x",
    },
    "feedback_reply_changes.decide": {"verdict": "ordinary"},
    "feedback_reply_changes.score": {"score": "9"},
    "feedback_texts.correct": {"whole": "positive"},
    "feedback_by_hand.enter": {"guest": GUEST, "stay": "{stay_id}", "score": "9", "day": "2026-11-20", "comment": "x"},
    "feedback_improvements.make": {
        "id": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "hotel": "SHA", "title": "x", "topic": "wifi",
        "started": "2026-11-20",
    },
    "feedback_improvements.finish": {"version": "1", "done": "2026-11-20"},
    "console_reports.choose": {"report": "week:SHA"},
    "messaging_stops.stop": {"what": "property:SHA", "reason": "the lift"},
    "messaging_four_eyes.ask": {"draft_version": "1"},
    "messaging_four_eyes.grant": {"draft_version": "1"},
    "messaging_editor.read_as_formatting": {"place": "/locales/en/email/body/0", "language": "en"},
    "messaging_comments.say": {"language": "en", "words": "Shorter"},
    "messaging_own_tests.send": {"channel": "email", "language": "en", "guest": GUEST},
    "messaging_saved_blocks.keep": {
        "name": "x", "language": "en", "blocks": '["x"]', "first": "0", "count": "1",
    },
    "messaging_saved_blocks.rename": {"name": "y", "version": "1"},
    "messaging_mail_imports.bring": {"text": "<p>x</p>"},
    "messaging_mail_imports.decide": {"tag": "x", "value": ""},
    "messaging_mail_imports.make": {"into": "birthday", "purpose": "marketing", "language": "en", "kind": "source"},
    "messaging_link_choices.choose": {"kind": "property", "key": "SHA", "what": "clicks", "on": "false"},
    "messaging_countries.change": {
        "opens": "11:00", "closes": "17:00", "days": "1", "cap_contacts": "1", "cap_days": "30", "why": "quieter",
    },
    "messaging_prices.say": {
        "channel": "sms", "country": "*", "amount": "0.05", "currency": "EUR", "source": "agreement",
        "stated_on": "2026-11-20",
    },
    "messaging_senders.add": SENDER,
    "messaging_senders.change": SENDER,
    "messaging_countries.change_day": {"day": "2026-11-20", "is_holiday": "yes", "day_why": "quieter"},
    "messaging_guests.agree": {
        "channel": "email", "purpose": "marketing", "said_on": "2026-11-20", "place": "desk", "words": "yes",
    },
    "messaging_guests.end_one": {"channel": "email", "purpose": "marketing"},
    "messaging_guests.stop": {"scope": "everything", "how": "desk"},
    "messaging_offers.start": {**OFFER, "hotels": "SHA"},
    "messaging_offers.save": {**OFFER, "version": "1"},
    "messaging_offer.make": {"count": "5", "asked": "x"},
    "messaging_offer_desk.use": {
        "asked": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7", "code": "QUARTZ", "hotel": "SHA",
    },
    "messaging_unknowns.resolve": {"found": "arrived"},
    "messaging_unknowns.settle": {"found": "arrived", "shown": "2027-01-01T00:00:00+00:00"},
    "segments_care.change": {
        "version": "1", "language": "fr", "tags": "x", "preference": "x", "date:of-shanghai": "2016-05-01",
    },
    "segments_house_dates.define": {"name": "x", "key": "x", "comes": "yearly", "property": "SHA"},
    "segments_house_dates.rename": {"name": "y"},
    "segments_company_editing.make": {"property": "SHA", "name": "x"},
    "segments_company_editing.change": {"version": "1", "name": "x"},
    "segments_company_editing.add_contact": {"job": "x"},
    "segments_companies.company": {"show": "page"},
    "segments_care.forbid": {"reason": "deceased"},
    "segments_new_guest.make": {
        "key": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f8", "property": "SHA", "family_name": HERS[0],
        "given_name": HERS[1], "email": HERS[2], "phone": HERS[3],
    },
    "segments_kiosks.start": {"property": "SHA", "pin": "2468"},
    "segments_sign_up_differences.settle": {"take": "1"},
    "segments_corrections.correct": {"field": "birth_date", "value": "1980-01-01"},
    "segments_corrections.add": {"channel": "email", "address": "new@example.com"},
    "segments_rights.claim": {"right": "restricted", "said_on": "2026-11-20", "how": "phone", "words": "x"},
    "segments_duplicates.compare": {"show": "page"},
    "segments_merges.choose": {"show": "page"},
    "segments_erasure.erase": {"name": "Xúnlán"},
    "segments_imports.remap": {"source": "pms"},
    "segments_imports.start": {"source": "pms"},
    "segments_imports.read_like": {"source": "pms"},
    "segments_import_sources.forget_value": {"field": "status", "value": "gone"},
    "console_sessions.end": {},
    "console_people.change": {"version": "100", "name": "x", "role": "administrator"},
    **{name: {"show": GUEST} for name in LISTS},
    "delivery.replay": {"id": "1"},
    "delivery.drop": {"id": "1"},
}  # fmt: skip
"""What a form needs to get past its fields, so that the refusal is not the fields'."""


TOLD_TO_PROGRAMS = frozenset({
    "segments_api_guests.listed", "segments_api_guests.dates", "segments_api_stays.listed", "segments_api_stays.lines",
    "segments_api_new_guests.lines", "segments_api_spend.listed", "segments_api_spend.lines",
    "segments_api_rates.listed", "feedback_api_reviews.lines",
})  # fmt: skip
"""What a program of one hotel may ask for: it is told of its own things alone, and of each line what became of it."""

STAY = {
    "status": "booked", "status_date": "2026-11-01", "booked_on": "2026-11-01", "arrival": "2026-12-01",
    "departure": "2026-12-04", "guest": {"family_name": HERS[0], "given_name": HERS[1], "email": HERS[2]},
}  # fmt: skip
ANYBODY = "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"
SPENT = {"outlet": "spa", "amount": "1", "currency": "EUR", "day": "2026-11-20"}
REVIEW = {"property": "SHA", "source": "booking", "reference": "1", "date": "2026-11-20", "rating": "4/5"}
BODIES: Mapping[str, Any] = {
    "feedback_api_reviews.send": REVIEW,
    "feedback_api_reviews.lines": REVIEW,
    "segments_api_guests.change": {"version": 1, "tags": ["x"]},
    "segments_api_new_guests.make": {"property": "SHA", "family_name": HERS[0], "email": HERS[2]},
    "segments_api_new_guests.lines": {"property": "SHA", "family_name": HERS[0], "email": HERS[2]},
    "segments_api_notes.write": {"text": "x"},
    "segments_api_stays.put": STAY,
    "segments_api_stays.lines": {**STAY, "property": "SHA", "reservation": "SHA-7077"},
    "segments_api_loyalty.put": {"tier": "gold", "points": "1", "as_of": "2026-11-20T12:00:00Z"},
    "segments_api_events.tell": {
        "id": "1", "name": "spa.booked", "at": "2026-11-20T12:00:00Z", "property": "SHA", "guest": ANYBODY,
    },
    "segments_api_spend.put": {"guest": ANYBODY, **SPENT},
    "segments_api_rates.put": {"rates": [{"base": "EUR", "quote": "CNY", "day": "2026-11-20", "rate": "7.8"}]},
    "segments_api_spend.lines": {"guest": ANYBODY, "property": "SHA", "number": "1", **SPENT},
    "messaging_api_offers.use": {"code": "QUARTZ", "property": "SHA"},
    "messaging_api_consents.agree": {
        "channel": "email", "purpose": "marketing", "said_at": "2026-11-20T12:00:00Z", "place": "x", "words": "x",
    },
    "messaging_api_consents.end_one": {"channel": "email", "purpose": "marketing"},
}  # fmt: skip
"""What a program sends, so that the refusal is not the body's."""

SENT_BY_SOURCE = frozenset({"segments_api_stays.lines", "segments_api_spend.lines"})
REFUSED_BY_FIELD = frozenset({
    "segments_api_stays.put", "segments_api_new_guests.make", "segments_api_spend.put", "segments_api_events.tell",
    "feedback_api_reviews.send",
})  # fmt: skip
"""What names another hotel in a body or an address, and is told that the key is for other hotels."""


FOR_ALL_HOTELS = frozenset({"segments_api_rates.put", "segments_api_rates.delete"})
"""What counts for every hotel is not for a key of some."""


@dataclass(frozen=True)
class Route:
    service: str
    app: Flask
    rule: Rule

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def methods(self) -> frozenset[str]:
        return frozenset(self.rule.methods or ())

    @property
    def changes(self) -> frozenset[str]:
        return self.methods - READING

    def address(self, house: House) -> str:
        """The address that names Shanghai's things."""
        known = {**BY_NAME, **house.hers, **({"key": KEYS[self.service]} if self.service in KEYS else {})}
        missing = self.rule.arguments - known.keys()
        assert not missing, f"{self.rule}: say in tests/access/routes.py what of Shanghai's {sorted(missing)} names"
        return str(self.app.url_map.bind("").build(self.endpoint, {name: known[name] for name in self.rule.arguments}))

    def addresses(self, house: House) -> Iterator[str]:
        """The same with everything that it may be asked for."""
        plain = self.address(house)
        yield plain
        for query in ("hotel=SHA", "hotel=", *QUERIES.get(self.endpoint, ())):
            yield f"{plain}?{query.format(**house.hers)}"

    def names_hers(self, house: House) -> bool:
        """Whether the address names something that Shanghai's people alone may see."""
        return bool(self.rule.arguments & house.hers.keys())

    def sent_by_programs(self) -> dict[str, Any]:
        query = {"source": "pms"} if self.endpoint in SENT_BY_SOURCE else {}
        return {"json": BODIES[self.endpoint], "query_string": query} if self.endpoint in BODIES else {}

    def form(self, house: House) -> dict[str, str]:
        return {name: text.format(**house.hers) for name, text in FORMS.get(self.endpoint, {}).items()}


def routes(house: House) -> list[Route]:
    return [Route(name, app, rule) for name, app in house.apps.items() for rule in app.url_map.iter_rules()]
