"""What guests answer, while a campaign goes out: `python -m tests.bench.inbound [answers] [campaign's guests] [flood]`.

Every role of every service is a process of its own over RabbitMQ, the pages of feedback too. Half of the guests tap a
low score on their survey's page, half reply by mail that they want their money back; two a second, while two offers for
each guest of a file go out. The clock runs from the moment the door is called until the case is open, until messaging
knows of it (no offer passes its gate any more), until the guest has left the journey that waited for them, and until
the mail to whoever is on duty has been taken by the mail server. They are looked for every 50 ms. Aim: p99 under 5 s.

Then as many texts (three of four, signed webhooks) and mails (LMTP) as the third number come in as fast as the doors
take them: how many a minute, and how many of those that were acknowledged are not there. Aim: 10,000 a minute, none.
"""

from __future__ import annotations

import http.client
import smtplib
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from twilio.request_validator import RequestValidator

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import validated
from services.feedback.commands.staff.settings import add_to_list
from shared.crypto.mail_addresses import BackAddress, BackSigner
from shared.crypto.sealing import KeyRing
from shared.crypto.signing import LinkSigner
from shared.ids import make_id
from tests.bench.latency import SETTLES_WITHIN, Ground, await_hotel, ground, in_house, leave, start_campaign
from tests.chaos.campaign import HOTEL, SURVEY
from tests.chaos.scene import KEYS, SETTINGS
from tests.mail.mails import reply

A_SECOND = 2
ARRIVES_WITHIN = 120.0
LOOKED_EVERY = 0.05
WAITS = "bench-waits"
ANGRY = "The room was filthy, I want my money back."
KEYRING = KeyRing.parse(KEYS)
BACK = BackAddress.read(SETTINGS["GUESTLOOP_MAIL_BACK"])
TEXTERS, MAILERS = 6, 2  # clients at once
Client = Callable[["Ground", Sequence["Asked"], Sequence[int], list[int]], None]
WAITING = {
    "key": WAITS,
    "name": WAITS,
    "purpose": "marketing",
    "priority": 10,
    "entry": {"stay": "checked_out"},
    "exits": [{"event": "survey.answered"}, {"event": "case.opened"}],
    "steps": [
        {"key": "wait", "wait": {"days": 30}},
        {
            "key": "send",
            "send": {"template": "win-back", "channels": ["email"], "useful_for": {"days": 7}, "wants": []},
        },
    ],
}


@dataclass(frozen=True)
class Asked:
    guest_id: UUID
    message_id: UUID


@dataclass
class Watch:
    """When each effect was first seen, by its name and the guest."""

    ground: Ground
    seen: defaultdict[str, dict[UUID, float]] = field(default_factory=lambda: defaultdict(dict))

    def look(self) -> None:
        at = time.perf_counter()
        cases: dict[UUID, UUID] = dict(self._ask("feedback", "select case_id, guest_id from care_case"))
        calls = self._ask("feedback", "select notice_id, case_id from alert_call join alert using (alert_id)")
        sent = {notice for (notice,) in self._ask("messaging", "select notice_id from notice where state = 'sent'")}
        found = {
            "case": set(cases.values()),
            "no offer any more": {guest for (guest,) in self._ask("messaging", "select guest_id from case_known")},
            "out of the journey": {guest for (guest,) in self._ask("campaigns", EXITED)},
            "somebody called": {cases[case] for notice, case in calls if notice in sent and case in cases},
        }
        for what, guests in found.items():
            for guest in guests - self.seen[what].keys():
                self.seen[what][guest] = at

    def _ask(self, service: str, query: str) -> Sequence[Any]:
        with self.ground.group.database(service).transaction() as tx:
            return tx.execute(query).fetchall()


EXITED = f"select guest_id from enrolment where journey = '{WAITS}' and state = 'exited'"


def main(answers: int, campaign: int, flood: int) -> None:
    with ground(("feedback",)) as at_work:
        await_hotel(at_work)
        prepare(at_work)
        leave(at_work, in_house(at_work, "answers", answers))
        asked = surveyed(at_work, answers)
        start_campaign(at_work, campaign)
        before = len(at_work.arrivals())
        began, watch = answer(at_work, asked)
        out = len(at_work.arrivals()) - before
        print(f"{len(began)} answers during a campaign of {2 * campaign:,} messages ({out:,} mails went meanwhile)")
        for what, seen in watch.seen.items():
            report(what, [seen[guest] - at for guest, at in began.items()])
        pour(at_work, asked, flood)


def report(what: str, delays: Sequence[float]) -> None:
    cuts = quantiles(delays, n=100)
    print(f"  {what:20} p50 {cuts[49] * 1000:6.0f} ms, p99 {cuts[98] * 1000:6.0f} ms", flush=True)


def prepare(ground: Ground) -> None:
    """A journey that waits for whoever has left, and somebody on duty."""
    at = ground.clock.now()
    with ground.group.database("campaigns").transaction() as tx:
        publish(tx, validated(WAITING), at, "bench")
        launch(tx, WAITS, at=at, by="bench")
    on_duty: dict[str, Any] = {
        "id": make_id("bench", "duty"),
        "person": None,
        "number": "",
        "email": "duty@mail.example.com",
    }
    on_duty |= {"quiet_from": None, "quiet_until": None, "wakes": True}
    with ground.group.database("feedback").transaction() as tx:
        assert add_to_list(tx, HOTEL, on_duty, "Dina Duarte")


def surveyed(ground: Ground, count: int) -> list[Asked]:
    """Whose surveys went, once feedback knows of them all and all wait in the journey."""
    deadline = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < deadline:
        with ground.group.database("feedback").transaction() as tx:
            known = tx.execute("select guest_id, message_id from message_known where purpose = 'feedback'").fetchall()
        with ground.group.database("campaigns").transaction() as tx:
            waiting = tx.execute(f"select from enrolment where journey = '{WAITS}' and state = 'waiting'").rowcount
        if len(known) >= count and waiting >= count:
            return [Asked(*row) for row in known]
        time.sleep(0.2)
    raise SystemExit(f"{SURVEY}: not all surveys are known after {SETTLES_WITHIN:.0f} s")


def answer(ground: Ground, asked: Sequence[Asked]) -> tuple[dict[UUID, float], Watch]:
    began: dict[UUID, float] = {}
    watch = Watch(ground)
    with looking(watch):
        start = time.perf_counter()
        for number, one in enumerate(asked):
            time.sleep(max(0.0, start + number / A_SECOND - time.perf_counter()))
            began[one.guest_id] = time.perf_counter()
            tap(ground, one) if number % 2 else write(ground, one)
        deadline = time.monotonic() + ARRIVES_WITHIN
        while missing(watch, began) and time.monotonic() < deadline:
            time.sleep(LOOKED_EVERY)
    if what := missing(watch, began):
        raise SystemExit(f"after {ARRIVES_WITHIN:.0f} s there is still missing: {what}")
    return began, watch


def missing(watch: Watch, began: dict[UUID, float]) -> dict[str, int]:
    return {what: lacking for what, seen in watch.seen.items() if (lacking := len(began.keys() - seen.keys()))}


@contextmanager
def looking(watch: Watch) -> Iterator[None]:
    over = threading.Event()

    def run() -> None:
        while not over.wait(LOOKED_EVERY):
            watch.look()

    watch.look()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def tap(ground: Ground, one: Asked) -> None:
    (place,) = ground.fleet.pages_of("feedback")
    token = LinkSigner.of(KEYRING).sign("survey", one.message_id)
    form = urlencode({"score": 2, "comment": ""})
    assert post(http.client.HTTPConnection(place), f"/feedback/survey/{token}", form, {}) in (200, 303)


def write(ground: Ground, one: Asked) -> None:
    with lmtp(ground) as door:
        hand_over(door, one, ANGRY)


def lmtp(ground: Ground) -> smtplib.LMTP:
    host, _, port = ground.fleet.mail_doors[0].partition(":")
    return smtplib.LMTP(host, int(port))


def hand_over(door: smtplib.LMTP, one: Asked, words: str) -> None:
    to = BACK.of(BackSigner(KEYRING).tokens(one.message_id).reply)
    assert door.sendmail("ana@example.com", [to], reply(words)) == {}


def post(connection: http.client.HTTPConnection, path: str, form: str, headers: dict[str, str]) -> int:
    connection.request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded", **headers})
    with connection.getresponse() as answer:
        answer.read()
        return answer.status


def pour(ground: Ground, asked: Sequence[Asked], flood: int) -> None:
    """As fast as the doors take it; what was acknowledged is looked for in the tables."""
    texts, mails = [n for n in range(flood) if n % 4], [n for n in range(flood) if n % 4 == 0]
    work: list[tuple[Client, Sequence[int]]] = [(texting, texts[client::TEXTERS]) for client in range(TEXTERS)]
    work += [(mailing, mails[client::MAILERS]) for client in range(MAILERS)]
    taken, before, start = list[int](), kept(ground), time.perf_counter()
    clients = [threading.Thread(target=each, args=(ground, asked, share, taken)) for each, share in work]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - start
    lost = len(taken) - (kept(ground) - before)
    print(f"{len(taken):,} came in within {seconds:.0f} s: {len(taken) / seconds * 60:,.0f} a minute, {lost} lost")
    assert lost == 0 and len(taken) == flood


def texting(ground: Ground, _: Sequence[Asked], numbers: Sequence[int], taken: list[int]) -> None:
    (place,), path = ground.fleet.pages_of("feedback"), "/feedback/twilio/incoming"
    connection, proof = http.client.HTTPConnection(place), RequestValidator(SETTINGS["GUESTLOOP_TWILIO_TOKEN"])
    for number in numbers:
        form = {"MessageSid": f"SM{number:032x}", "From": f"+336399{80000 + number % 10_000}", "Body": words(number)}
        signature = proof.compute_signature(SETTINGS["GUESTLOOP_ORIGIN"] + path, form)
        while (status := post(connection, path, urlencode(form), {"X-Twilio-Signature": signature})) != 200:
            print(f"a text is handed in again after {status}", flush=True)
            time.sleep(1)
        taken.append(number)


def mailing(ground: Ground, asked: Sequence[Asked], numbers: Sequence[int], taken: list[int]) -> None:
    with lmtp(ground) as door:
        for number in numbers:
            hand_over(door, asked[number % len(asked)], words(number))
            taken.append(number)


def words(number: int) -> str:
    return f"When does breakfast begin on day {number}, please?"


def kept(ground: Ground) -> int:
    with ground.group.database("feedback").transaction() as tx:
        found = tx.execute("select count(*) from reply").fetchone()
    assert found is not None
    return int(found[0])


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(100, 20_000, 10_000)[len(given) :])
