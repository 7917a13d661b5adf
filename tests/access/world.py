"""Two hotels with a guest each, played for some days: messages, journeys, answers, replies, cases, files of both.

Lisbon's people look; Shanghai's guest must not be found by them anywhere. Her name, her words and her contact points
are made of `HERS`, so that a page is searched for them as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask

from guestloop.composition.seed import set_up_everything
from guestloop.composition.services import MANIFESTS, Group, build_group, world_of
from guestloop.demo.cast import HOTELS
from services.campaigns.commands.rehearsal.add_up import add_up
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.store.rehearsals import find as find_rehearsal
from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.heard.correcting import correct_text
from services.feedback.commands.inbox.canned import write_canned
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.commands.staff.tasks import make_task
from services.feedback.store.care.praise import Praise
from services.feedback.store.care.praise import add as add_praise
from services.feedback.store.heard.improvements import Improvement
from services.feedback.store.heard.improvements import add as add_improvement
from services.feedback.store.inbox import canned as canned_store
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.commands.pictures.keeping import add_picture
from services.messaging.commands.stops import stop_sending
from services.messaging.commands.templates.saved_blocks import save_blocks
from services.messaging.store.templates.pictures import Place
from services.segments.clock import SearchIndex
from services.segments.commands.guests.files import request_file
from services.segments.commands.hand_in import HandedIn, hand_in
from services.segments.commands.house_dates import define
from services.segments.commands.kiosk.running import start_kiosk
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.commands.sign_ups.forms import make_form
from services.segments.rules.house_dates import HouseDate
from services.segments.rules.reservations import Reservation
from services.segments.rules.sign_ups import Typed, Wording
from services.segments.store.sign_ups import SignUp, add_sign_up
from shared.access.people import Person, keep_people
from shared.bus.dead_letters import of_subject, store_dead_letters
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.database.pool import Database, Tx
from shared.events import chunk_of
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.pictures.scaling import Picture
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.grant import Grant
from shared.vocabulary.offer import OfferKind
from shared.vocabulary.role import Role
from shared.vocabulary.sign_up import Box, Difference, SignUpState
from shared.vocabulary.stay import StayStatus
from shared.web.config import WebConfig
from tests.cast import ADA, NOW, Member, access_of
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.segments.rows import row

BEGAN = NOW - timedelta(days=6)
HERS = ("Qíyuàn", "Xúnlán", "qiyuan.xunlan@example.com", "+447700900456", "447700900456", "quartz umbrella", "SHA-7077")
"""What is Shanghai's guest's alone: names, address, number, words, reservation."""
HER_WORDS = "the quartz umbrella by the door"
THEIRS = replace(
    row(7077, name="Xúnlán Qíyuàn", email=HERS[2], phone=HERS[3], country="GB", language="en",
        booked_on=date(2026, 9, 3), arrival=date(2026, 11, 14), departure=date(2026, 11, 17),
        birth_date=date(1980, 11, 26)),
    property="SHA", reservation="SHA-7077", company="Quartz Umbrella Works",
)  # fmt: skip
OURS = row(
    1, name="Rita Cantu", email="rita@example.com", phone="+447700900123", country="GB", language="en",
    booked_on=date(2026, 9, 1), arrival=date(2026, 11, 14), departure=date(2026, 11, 17), birth_date=date(1981, 11, 26),
)  # fmt: skip

LISBON = tuple(Member(f"{role} of Lisbon", role, ("LIS",)) for role in Role if role is not Role.PROGRAM)
"""Everybody who may work for one hotel; an administrator who does is not made by any page, and gets no more for it."""
SHANGHAI = Member("Desk of Shanghai", Role.DUTY_MANAGER, ("SHA",))
KEY = Member("Key of Lisbon", Role.PROGRAM, ("LIS",))
SESSION = make_id("session", SHANGHAI.name, "at the desk")
SECRET = "a-secret-of-the-key-of-lisbon"
WARNING = 4_000_000_007


@dataclass(frozen=True)
class House:
    """The services' pages over one world; `hers` and `ours`: what addresses name, by the name of the parameter."""

    apps: Mapping[str, Flask]
    databases: Mapping[str, Database]
    hers: Mapping[str, str]
    ours: Mapping[str, str]


def two_hotels(make: MakeDatabase, folder: Path) -> Iterator[House]:
    databases = {one.name: make(one.name) for one in MANIFESTS}
    clock = VirtualClock(BEGAN)
    environment = {"GUESTLOOP_HOME": str(folder)}
    group = build_group(databases, clock, environment)
    with closing(world_of(group, clock)) as world:
        for service in set_up_everything(group, HOTELS, BEGAN):
            world.mark_changed(service)
        world.settle(BEGAN)
        for _ in world.play(_acts(databases["segments"]), NOW):
            pass
        hers = _plant(group, folder)
        for service in group.services:
            world.mark_changed(service)
        world.settle(NOW)
        world.end_day()
    _after_the_play(databases)
    SearchIndex(databases["segments"], VirtualClock(NOW)).step(NOW)
    _employ(databases)
    web = WebConfig(gateway="http://127.0.0.1:9")  # nobody listens there: the neighbours are silent
    apps = {
        one.name: one.build_web(one.read_config(environment), databases[one.name], VirtualClock(NOW), web)
        for one in MANIFESTS
    }
    yield House(apps, databases, hers, {"guest_id": str(guest_of(OURS)), "stay_id": str(OURS.key().stay_id())})


def guest_of(stay: Reservation) -> UUID:
    return stay.key().guest_id()


def _acts(segments: Database) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
    """Both guests book, come and leave, as their hotels' system tells it."""

    def told(status: StayStatus, on: date) -> Callable[[datetime], str]:
        def act(at: datetime) -> str:
            with segments.transaction() as tx:
                rows = [replace(one, status=status, status_date=on) for one in (OURS, THEIRS)]
                enter(tx, rows, at, EntryOptions(booking_only=False, initial=False, lane=None))
            return "segments"

        return act

    yield BEGAN + timedelta(hours=1), told(StayStatus.CHECKED_IN, date(2026, 11, 14))
    yield BEGAN + timedelta(days=2, hours=2), told(StayStatus.CHECKED_OUT, date(2026, 11, 17))


def _plant(group: Group, folder: Path) -> dict[str, str]:
    """What people add: words, cases, files, a stop, and messages of which nobody knows what became."""
    guest, stay = guest_of(THEIRS), THEIRS.key().stay_id()
    with group.database("messaging").transaction() as tx:
        survey, birthday = (_message(tx, guest, name) for name in ("post-stay-survey", "birthday"))
        worth = {"kind": "gift", "gift": {"en": "a quartz umbrella"}}
        document = {"name": {"en": "Quartz umbrella"}, "terms": {"en": HER_WORDS}, "worth": worth, "hotels": ["SHA"]}
        offer = start_offer(tx, OfferKind.WORD, {**document, "word": "QUARTZ"}, by=_person(ADA), at=NOW)
        go_live(tx, offer, by=_person(ADA), at=NOW)
        stop_sending(tx, "property", "SHA", "the lift", by=_person(ADA), at=NOW)
        stop = tx.execute("select stop_id from stop where key = 'SHA'").fetchone()
        assert stop is not None
    red = Picture(content=b"GIF89a", media_type="image/gif", width=1, height=1)
    picture = add_picture(group.database("messaging"), None, red, Place(hotel="SHA"), HER_WORDS, NOW, _person(ADA))
    with group.database("messaging").transaction() as tx:
        block = save_blocks(tx, HER_WORDS[:80], "SHA", {"en": [HER_WORDS]}, by=_person(ADA), at=NOW)
    with group.database("feedback").transaction() as tx:
        text = answer_survey(tx, survey, 2, HER_WORDS, Channel.EMAIL, NOW - timedelta(hours=1))
        correct_text(tx, text, {"": "negative", "wifi": "negative"}, by="Desk of Shanghai", at=NOW, said=[HER_WORDS])
        lesson = tx.execute("select lesson_id from heard_lesson").fetchone()
        assert lesson is not None
        improvement = Improvement(
            improvement_id=make_id("improvement", "hers"), property="SHA", title=HER_WORDS, topic="wifi",
            department=None, owner_id=None, started_on=date(2026, 11, 1), made_by="Desk of Shanghai", made_at=NOW,
        )  # fmt: skip
        add_improvement(tx, improvement)
        number = tx.keyring.index("sms", HERS[3])
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=number, text=f"Where is {HER_WORDS}?"), NOW)
        asks = Reply(ref="2", channel=Channel.SMS, point=number, text=f"{HER_WORDS}? Who gave you my number?")
        receive_reply(tx, asks, NOW)
        opening = Opening(
            ref="hers", guest_id=guest, stay_id=stay, property="SHA", reason=CaseReason.DESK, kind=CaseKind.COMPLAINT,
            level=2, words=HER_WORDS, by="Desk of Shanghai",
        )  # fmt: skip
        case = open_case(tx, opening, NOW)
        about = {"guest": guest, "case": case, "hotel": "SHA", "department": "front_desk", "owner": None}
        task, praise = make_id("task", "hers"), make_id("praise", "hers")
        make_task(tx, {**about, "id": task, "title": HER_WORDS}, NOW, NOW, by="Desk of Shanghai")
        add_praise(tx, Praise(
            praise_id=praise, property="SHA", department="front_desk", colleague_id=None, colleague=None,
            guest_id=guest, words_sealed=tx.keyring.seal(HER_WORDS, Sealing.WORDS), entered_by="Desk of Shanghai",
            at=NOW,
        ))  # fmt: skip
        thread = tx.execute("select thread_id from thread where guest_id = %s", [guest]).fetchone()
        assert thread is not None
        canned = make_id("canned answer", "hers")
        write_canned(tx, canned, 0, "SHA", "Umbrellas", {"en": HER_WORDS}, NOW, by="Desk of Shanghai")
        canned_store.show(tx, canned, "image/gif", b"GIF89a")
        alert = tx.execute("select alert_id from alert where case_id = %s", [case]).fetchone()
        assert alert is not None
        open_case(tx, replace(opening, ref="of no hotel", property=None, stay_id=None), NOW)
    with group.database("segments").transaction() as tx:
        (company,) = tx.execute("select id from company").fetchone() or (None,)
        file = folder / "theirs.csv"
        file.write_text(TABLE.format(THEIRS), encoding="utf-8")
        handed = HandedIn(
            "theirs.csv", str(file), "d" * 64, 100, "page", "Desk of Shanghai", properties=frozenset({"SHA"})
        )
        handed_out = request_file(tx, guest, _person(ADA), NOW)
        imported = hand_in(tx, handed, "pms", {}, NOW, start=False)
        tx.execute(ALIKE, [*sorted((guest, guest_of(OURS))), NOW])
        signed = _signed_up(tx, guest)
        desk = _person(SHANGHAI)
        define(tx, HouseDate("of-shanghai", "Of Shanghai", True, "SHA"), _person(ADA), NOW)
        kiosk = start_kiosk(tx, "SHA", "2468", "secret", SESSION, NOW + timedelta(hours=12), desk, NOW)
    return {
        "guest_id": str(guest), "guest": str(guest), "other_id": str(guest), "stay_id": str(stay),
        "message_id": str(birthday), "case_id": str(case),
        "text_id": str(text), "lesson_id": str(lesson[0]), "improvement_id": str(improvement.improvement_id),
        "reply_id": str(asks.reply_id), "task_id": str(task), "praise_id": str(praise),
        "thread_id": str(thread[0]), "canned_id": str(canned),
        "alert_id": str(alert[0]), "file_id": str(imported), "stop_id": str(stop[0]),
        "session_id": str(SESSION), "guest_file_id": str(handed_out.file_id),
        "form": "bund-front-desk", "sign_up": str(signed), "kiosk": str(kiosk.id),
        "library_id": str(picture), "block_id": str(block),
        "company_id": str(company), "other_company_id": str(company), "offer_key": offer,
    }  # fmt: skip


def _signed_up(tx: Tx, guest: UUID) -> UUID:
    """She signed up by Shanghai's form, and told another birth date than is known."""
    wording = Wording((Box.EMAIL_MARKETING,), True, {"en": {"title": "Bund", str(Box.EMAIL_MARKETING): "Yes."}})
    make_form(tx, "bund-front-desk", "Bund", "SHA", wording, _person(ADA), NOW)
    found = SignUp(
        id=make_id("sign-up", "hers"), form="bund-front-desk", form_version=1, property="SHA", page="join",
        language="en", boxes=(),
        typed=Typed(HERS[1], HERS[0], date(1980, 11, 27), HERS[2]), network="", said_at=NOW,
        state=SignUpState.DIFFERS, guest_id=guest, differs=(Difference.BIRTH_DATE,),
    )  # fmt: skip
    add_sign_up(tx, found)
    return found.id


ALIKE = """
    insert into possible_duplicate (guest_id, other_id, key, row_ref, filed_at, score)
    values (%s, %s, 'likeness', '', %s, 0.6)
"""  # a pair of two hotels: whoever sees both decides
TABLE = """reservation_id,property,status,status_date,booked_on,arrival,departure,last_name,first_name
{0.reservation},SHA,booked,2026-09-03,2026-09-03,2026-11-14,2026-11-17,{0.family_name},{0.given_name}
"""


def _message(tx: Tx, guest: UUID, journey: str) -> UUID:
    query = "select message_id from delivery where (guest_id, journey) = (%s, %s)"
    asked_for = tx.execute(query, [guest, journey]).fetchone()
    assert asked_for is not None, f"nothing of {journey} was asked for"
    found: UUID = asked_for[0]
    return found


def _after_the_play(databases: Mapping[str, Database]) -> None:
    """What takes an accident to come about: an unclear outcome, a dead letter, an answer that belongs to no hotel."""
    guest = guest_of(THEIRS)
    with databases["messaging"].transaction() as tx:
        tx.execute("update delivery set state = 'unknown' where guest_id = %s and journey = 'birthday'", [guest])
    with databases["feedback"].transaction() as tx:
        tx.execute("update survey_answer set property = null where guest_id = %s", [guest])
    with databases["console"].transaction() as tx:
        tx.execute(WARNED, [WARNING, NOW.date(), NOW.date(), NOW])
        tx.execute(SIGNED_IN, [SESSION, SHANGHAI.person_id, NOW, NOW, NOW + timedelta(hours=12)])
    with databases["campaigns"].transaction() as tx:
        _rehearse(tx, guest)
    for database in databases.values():
        with database.transaction() as tx:
            lost = off_the_wire(chunk_of([GuestErased(guest_id=guest, version=9, occurred_at=NOW)]))
            store_dead_letters(tx, [of_subject("guests", (make_id("message", "lost"), 0), lost, "KeyError: x", NOW)])


def _rehearse(tx: Tx, guest: UUID) -> None:
    """A rehearsal in which a message would go to her."""
    id_ = ask(tx, None, 30, [], NOW, "Ada")
    tx.execute("update rehearsal set state = 'done', ended_at = at where id = %s", [id_])
    tx.execute(REHEARSED, [id_, guest, make_id("message", "rehearsed"), NOW, NOW.date()])
    one = find_rehearsal(tx, id_)
    assert one is not None
    add_up(tx, one)


REHEARSED = """
    insert into rehearsal_line (rehearsal_id, number, guest_id, message_id, at, zone, day, hour, journey, step,
        template, occurrence, purpose, property, state, channel, language, parts)
    values (%s, 0, %s, %s, %s, 'Asia/Shanghai', %s, 10, 'birthday', 'announcement', 'birthday', 'birthday:2026',
        'marketing', 'SHA', 'sent', 'email', 'en', 0)
"""
WARNED = """
    insert into warning
        (id, signal, property, began_on, last_on, value, centre, border, part, whole, raised_at)
    overriding system value values (%s, 'complaints', 'SHA', %s, %s, 1, 0, 0.5, 9, 9, %s)
"""
SIGNED_IN = """
    insert into session (session_id, person_id, begun_at, seen_at, signed_in_by, device, network, ends_at)
    values (%s, %s, %s, %s, 'password', '', '', %s)
"""


USED = "insert into key_use values (%(key)s, %(at)s, 1, %(at)s, %(at)s)"  # its use was told of a moment ago


def _person(who: Member) -> Person:
    return Person(who.person_id, who.name, who.role, frozenset(who.properties))


def _employ(databases: Mapping[str, Database]) -> None:
    people = [access_of(one, version=100) for one in (*LISBON, SHANGHAI, ADA)]
    people.append(replace(access_of(KEY, version=100, secret=SECRET), grants=[str(one) for one in Grant]))
    for database in databases.values():
        with database.transaction() as tx:
            keep_people(tx, chunk_of(people), NOW)
            tx.execute(USED, {"key": KEY.person_id, "at": NOW})
