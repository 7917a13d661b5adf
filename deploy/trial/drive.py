"""Drives the main job of an installation through its gateway, as people and programs do, and says how long it took.

An administrator signs in, enters a hotel, imports a file by the page and another by the API; a journey is launched; a
guest checks out; her survey arrives in the mail sink; she answers it; a case is open. Python's own library suffices.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from typing import TypeVar
from zoneinfo import ZoneInfo

from browser import Browser, Page, Refused

T = TypeVar("T")
HEADER = (
    "reservation_no,property,status,status_date,booked_on,arrival,departure,first_name,last_name,email,language,country"
)
GUEST, ADDRESS = "Rita Cantu", "rita.cantu@example.com"
ZONES = {
    "Pacific/Auckland": "NZ", "Australia/Sydney": "AU", "Asia/Tokyo": "JP", "Asia/Shanghai": "CN", "Asia/Bangkok": "TH",
    "Asia/Dhaka": "BD", "Asia/Karachi": "PK", "Asia/Kolkata": "IN", "Asia/Kathmandu": "NP", "Asia/Dubai": "AE",
    "Asia/Tehran": "IR", "Asia/Kabul": "AF", "Africa/Nairobi": "KE", "Europe/Athens": "GR", "Europe/Paris": "FR",
    "Europe/Lisbon": "PT", "Atlantic/Azores": "PT", "America/Sao_Paulo": "BR", "America/St_Johns": "CA",
    "America/Halifax": "CA", "America/New_York": "US", "America/Chicago": "US", "America/Denver": "US",
    "America/Los_Angeles": "US", "America/Anchorage": "US", "Pacific/Honolulu": "US", "Pacific/Marquesas": "PF",
    "Pacific/Noumea": "NC", "Australia/Adelaide": "AU", "Asia/Yangon": "MM", "Australia/Eucla": "AU",
    "Pacific/Chatham": "NZ", "Atlantic/South_Georgia": "GS", "Pacific/Pago_Pago": "AS",
}  # fmt: skip
STARTED = time.monotonic()


def say(text: str) -> None:
    print(f"{time.monotonic() - STARTED:7.1f} s  {text}", flush=True)


def until(what: str, find: Callable[[], T | None], *, within: float = 90.0) -> T:
    """What `find` finds, asked for until it is there."""
    deadline = time.monotonic() + within
    while True:
        found = find()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise Refused(f"{what}: not within {within:.0f} s")
        time.sleep(0.25)


def main() -> int:
    known = argparse.ArgumentParser(description=__doc__)
    known.add_argument("origin")
    known.add_argument("sink")
    known.add_argument("--patient", action="store_true", help="wait for noon in some zone, touch no database")
    given = known.parse_args()
    try:
        drive(Browser(given.origin), Browser(given.sink), patient=given.patient)
    except Refused as error:
        say(f"FAILED: {error}")
        return 1
    say("the whole way was gone: imported, asked, answered, case open")
    return 0


def drive(desk: Browser, sink: Browser, *, patient: bool) -> None:
    zone = chosen_zone(patient=patient)
    sign_in(desk)
    enter_hotel(desk, zone)
    import_by_page(desk, zone)
    key = make_key(desk)
    launch_journey(desk)
    if not patient:
        say("the launch is moved a day back in the database, so as not to wait for noon (--patient waits)")
        move_launch_back()
    began = check_out(desk, key, zone)
    wait = 90.0 if not patient else 3600.0
    mail = until("the survey in the sink", lambda: mail_to(sink, ADDRESS), within=wait)
    say(f"the survey is in the sink {time.monotonic() - began:.1f} s after the check-out was handed in")
    answer(desk, str(mail["text"]))
    until("the case on its page", lambda: True if GUEST in desk.get("/feedback/cases").text else None)
    say("a case is open for her")


def chosen_zone(*, patient: bool) -> str:
    """Files tell days; a check-out counts as noon. Where is noon some hours ago, or (patient) the next to come?"""
    now = datetime.now(UTC)

    def minutes(zone: str) -> float:
        here = now.astimezone(ZoneInfo(zone))
        return (datetime.combine(here.date(), hour(12), here.tzinfo) - here).total_seconds() / 60

    if patient:
        return min((zone for zone in ZONES if minutes(zone) > 12), key=minutes)
    return min(ZONES, key=lambda zone: abs(minutes(zone) + 180))


def sign_in(desk: Browser) -> None:
    page = until("the gateway", lambda: got(desk.get("/sign-in")))
    account = json.loads(os.environ["SMOKE_ADMINISTRATOR"])
    page = desk.submit(page, "/sign-in", **account)
    if page.url.endswith("/sign-in/password"):  # the one that was printed opens this form alone
        own = "one for the smoke, " + account["password"]
        desk.submit(page, "/sign-in/password", password=own)
    say("the first administrator signed in")


def got(page: Page) -> Page | None:
    return page if page.status == 200 else None


def enter_hotel(desk: Browser, zone: str) -> None:
    hotel = {"code": "SMK", "name": "Casa da Prova", "zone": zone, "country": ZONES[zone], "legal_entity": "Prova Lda"}
    told = {"postal_address": "Rua da Prova 1", "contact": "hello@prova.example.com", "told_of_survey": "on"}
    desk.submit(desk.get("/properties/new"), "/properties", **hotel, **told)
    known = lambda: True if "Casa da Prova" in desk.get("/segments/today").text else None  # noqa: E731
    until("segments to hear of the administrator and the hotel", known)
    say(f"a hotel is entered ({zone}), and segments has heard of it")


def row(zone: str, number: int, status: str, name: str, address: str) -> str:
    today = datetime.now(ZoneInfo(zone)).date()
    arrival = today - timedelta(days=2) if status != "booked" else today + timedelta(days=30)
    days = (today, today - timedelta(days=9), arrival, arrival + timedelta(days=2))
    given, family = name.split()
    return ",".join([f"SMK-{number}", "SMK", status, *map(str, days), given, family, address, "en", "PT"])


def import_by_page(desk: Browser, zone: str) -> None:
    content = "\n".join([HEADER, row(zone, 1, "booked", "Otto Ohm", "otto.ohm@example.com")]).encode()
    page = desk.upload(desk.get("/segments/imports"), "/segments/imports", "first.csv", content, source="pms")
    place = page.url
    desk.submit(page, "/start")
    until("the import by the page", lambda: True if "See the guests" in desk.get(place).text else None)
    say("a first file is imported by the page; its columns are remembered")


def make_key(desk: Browser) -> str:
    page = desk.submit(desk.get("/people"), "/people/keys", name="smoke")
    found = re.search(r"glk_\w+", page.text)
    if found is None:
        raise Refused(f"no key on {page.url}")
    return found[0]


def launch_journey(desk: Browser) -> None:
    """The shipped survey, but at once instead of at ten the next morning."""
    begun = until("campaigns to hear of the administrator", lambda: got(desk.get("/campaigns/journeys")))
    key = "post-stay-survey"
    page = desk.submit(begun, "/campaigns/journeys", like=key, key=key, name="How was your stay?")
    page = desk.submit(page, "/steps/ten-o-clock/removal")

    def published() -> Page | None:
        try:
            return desk.submit(desk.get("/campaigns/journeys/post-stay-survey/edit"), "/edit/publication")
        except Refused:  # messaging's templates are there once its sender has started
            return None

    until("the journey to be sound", published)
    desk.submit(desk.get("/campaigns/journeys/post-stay-survey/launch"), "/launch")
    say("the survey's journey is live")


def move_launch_back() -> None:
    statement = "update journey set launched_at = launched_at - interval '1 day'"
    psql = ["exec", "-T", "postgres", "psql", "-q", "-U", "postgres", "-d", "guestloop_campaigns", "-c", statement]
    subprocess.run([*shlex.split(os.environ["SMOKE_COMPOSE"]), *psql], check=True, stdin=subprocess.DEVNULL)


def check_out(desk: Browser, key: str, zone: str) -> float:
    content = "\n".join([HEADER, row(zone, 2, "checked_out", GUEST, ADDRESS)]).encode()
    program = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}

    def handed_in() -> Page | None:
        page = Browser(desk.origin).post("/api/imports?source=pms", content, **program)
        return page if page.status == 202 else None

    page = until("the key to be known", handed_in)
    began, place = time.monotonic(), str(json.loads(page.text)["url"])

    def done() -> dict[str, object] | None:
        state = Browser(desk.origin).json(place, Authorization=program["Authorization"])
        if state["state"] == "failed":
            raise Refused(f"the import failed: {state}")
        return state if state["state"] == "done" else None

    state = until("the import by the API", done)
    say(f"a second file is imported by the API: {json.dumps(state['counts'])}")
    return began


def mail_to(sink: Browser, address: str) -> dict[str, object] | None:
    messages: list[dict[str, object]] = json.loads(sink.get("/messages").text)
    return next((one for one in messages if address in one["to"]), None)  # type: ignore[operator]


def answer(desk: Browser, text: str) -> None:
    link = re.search(r"https?://\S+/feedback/survey/[\w.~-]+", text)
    if link is None:
        raise Refused(f"no link to a survey in: {text[:300]}")
    guest = Browser(desk.origin)
    page = until("the survey's page", lambda: got(guest.get(link[0])))
    token = link[0].rsplit("/", 1)[1]
    guest.submit(page, token, score="3", comment="The room was loud.")
    say("she gave 3 of 10 on the survey's page")


if __name__ == "__main__":
    sys.exit(main())
