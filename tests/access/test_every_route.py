"""The walk: every route, as everybody of Lisbon, on what is Shanghai's. It tells, opens and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.access.people import May
from shared.vocabulary.grant import Grant
from shared.web.access_control import EVERYBODY, SIGNED_IN, door_of
from tests.access.knocking import BEARER, Visitor, found_of_hers, prints
from tests.access.routes import (
    FOR_ALL_HOTELS,
    FORMS,
    LISTS,
    OPEN,
    OWN,
    QUERIES,
    REFUSED_BY_FIELD,
    TOLD_TO_PROGRAMS,
    Route,
    routes,
)
from tests.access.world import LISBON, SHANGHAI, House, two_hotels
from tests.cast import ADA, Member
from tests.databases import Lending

TELLS_OF_HER = {
    "campaigns_guests.story", "campaigns_people.people", "campaigns_rehearsals.rehearsal",
    "feedback_answers.show", "feedback_cases.show", "feedback_cases.one", "feedback_opening.new",
    "feedback_lessons.show",
    "feedback_replies.show", "feedback_story.story", "feedback_texts.show", "feedback_texts.ask",
    "feedback_by_hand.ask", "feedback_improvements.show",
    "messaging_guests.consents", "messaging_guests.story", "messaging_messages.body", "messaging_messages.index",
    "messaging_messages.show", "messaging_stops.index", "messaging_templates.preview", "messaging_templates.show",
    "messaging_unknowns.index",
    "segments_care.edit", "segments_duplicates.duplicates",
    "segments_merges.choose", "segments_merges.merges", "segments_guest.guest", "segments_guests.guests",
    "segments_guests.names", "segments_imports.imports", "segments_imports.one",
    "segments_sign_up_differences.show",
}  # fmt: skip
"""Where those who see all hotels do read of her: the walk would notice."""


EMPTY = {"campaigns_guests.story", "feedback_story.story"}
"""Of a guest who was never there, who came a moment ago, and of another hotel's, they tell the same: nothing."""


@pytest.fixture(scope="module")
def house(lending: Lending, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with lending.of_one_test() as make:
        yield from two_hotels(make, tmp_path_factory.mktemp("house"))


def visitors(house: House, who: Member | None) -> dict[str, Visitor]:
    return {name: Visitor(app, who) for name, app in house.apps.items()}


def reading(house: House) -> list[Route]:
    return [route for route in routes(house) if "GET" in route.methods]


def changing(house: House) -> list[tuple[Route, str]]:
    return [(route, method) for route in routes(house) for method in sorted(route.changes)]


def test_each_route_says_who_may_call_it(house: House) -> None:
    for route in routes(house):
        with route.app.app_context():
            door = door_of(route.endpoint) if route.endpoint != "static" else EVERYBODY
        assert isinstance(door, (May, Grant)) or door in (SIGNED_IN, EVERYBODY), f"{route.rule} lets nobody in"
        assert (door == EVERYBODY) == (route.endpoint in OPEN), f"{route.rule} is for {door}"
    known = {route.endpoint for route in routes(house)}
    assert known >= {*OPEN, *OWN, *QUERIES, *FORMS, *TELLS_OF_HER}, "a route is gone"


def test_who_sees_all_hotels_reads_of_her_where_the_walk_looks(house: House) -> None:
    every = visitors(house, ADA)
    told = {
        route.endpoint
        for route in reading(house)
        for address in route.addresses(house)
        if found_of_hers(house, every[route.service].client.get(address), address)
    }
    assert told >= TELLS_OF_HER, sorted(TELLS_OF_HER - told)


@pytest.mark.parametrize("who", LISBON, ids=lambda who: str(who.role))
def test_nobody_of_lisbon_reads_of_her_anywhere(house: House, who: Member) -> None:
    theirs = visitors(house, who)
    for route in reading(house):
        for address in route.addresses(house):
            answer = theirs[route.service].client.get(address)
            assert not found_of_hers(house, answer, address), f"{who.name} reads of her at {address}"
            assert answer.status_code < 500, address
            if route.endpoint in EMPTY:
                assert answer.status_code == 403 or answer.json == {"entries": [], "actions": ""}, address
            elif route.names_hers(house) and route.endpoint not in OPEN:
                refused = (401,) if address.startswith("/api/") else (403, 404)
                assert answer.status_code in refused, f"{who.name} at {address}"
            elif answer.status_code in (401, 403):
                break  # at the door, which is shut whatever the rest of an address says


@pytest.mark.parametrize("who", LISBON, ids=lambda who: str(who.role))
def test_nobody_of_lisbon_changes_anything_of_hers(house: House, who: Member) -> None:
    theirs, before = visitors(house, who), prints(house.databases)
    for route, method in changing(house):
        if route.endpoint in OPEN or (route.endpoint in OWN and route.endpoint not in FORMS):
            continue
        address = route.address(house)
        answer = theirs[route.service].send(method, address, route.form(house))
        if route.endpoint in LISTS:
            assert answer.status_code in (200, 403) and not found_of_hers(house, answer, address), route.rule
            before = prints(house.databases)
            continue
        otherwise = (401,) if address.startswith("/api/") else (303,) if route.endpoint in OWN else ()
        assert answer.status_code in (403, 404, *otherwise), f"{who.name}: {method} {route.rule} {answer.status_code}"
        assert not found_of_hers(house, answer, address), route.rule
        assert prints({route.service: house.databases[route.service]})[route.service] == before[route.service], (
            route.rule
        )
    assert prints(house.databases) == before


def test_a_form_without_its_token_changes_nothing(house: House) -> None:
    every, before = visitors(house, ADA), prints(house.databases)
    for route, method in changing(house):
        if route.endpoint in OPEN and not route.endpoint.startswith("console_"):
            continue
        answer = every[route.service].client.open(route.address(house), method=method, data=route.form(house))
        assert answer.status_code in (400, 401), f"{method} {route.rule} {answer.status_code}"
    assert prints(house.databases) == before


def test_who_is_not_signed_in_is_sent_to_sign_in(house: House) -> None:
    strangers, before = visitors(house, None), prints(house.databases)
    for route in routes(house):
        if route.endpoint in OPEN:
            continue
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            answer = strangers[route.service].send(method, route.address(house), route.form(house))
            sent = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
            assert sent or answer.status_code == 401, f"{method} {route.rule} {answer.status_code}"
    for route in reading(house):
        for address in route.addresses(house) if route.endpoint in OPEN else ():
            assert not found_of_hers(house, strangers[route.service].client.get(address), address), address
    assert prints(house.databases) == before


def test_a_key_of_lisbon_opens_no_page_and_no_file_of_shanghai(house: House) -> None:
    programs, before = visitors(house, None), prints(house.databases)
    for route in routes(house):
        if route.endpoint in OPEN or route.endpoint == "segments_api_imports.bring":
            continue
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            address, sent = route.address(house), route.sent_by_programs() or {"data": route.form(house)}
            answer = programs[route.service].client.open(address, method=method, headers=BEARER, **sent)
            # a page asks a program for a form's token before it asks who it is
            expected = (404,) if address.startswith("/api/") else (400, 401)
            if route.endpoint in REFUSED_BY_FIELD:
                expected = (422,)
            if route.endpoint in FOR_ALL_HOTELS:
                expected = (403,)
            if route.endpoint in TOLD_TO_PROGRAMS:
                expected = (200,)
                assert method != "POST" or '"outcome":"refused"' in answer.text
            assert answer.status_code in expected, f"{method} {route.rule} {answer.status_code}"
            assert not found_of_hers(house, answer, address), address
            for asked in QUERIES.get(route.endpoint, ()) if method == "GET" else ():
                asked = f"{address}?{asked.format(**house.hers)}"
                answer = programs[route.service].client.get(asked, headers=BEARER)
                assert not found_of_hers(house, answer, asked) and answer.status_code < 500, asked
            if route.endpoint in TOLD_TO_PROGRAMS:  # that it was told is in the trail
                before = prints(house.databases)
    assert prints(house.databases) == before


def test_their_own_people_and_our_own_guest_are_found(house: House) -> None:
    """The walk is not blind: the same pages open to those whose guests they are."""
    desk = Visitor(house.apps["segments"], SHANGHAI).client
    assert desk.get(f"/segments/guests/{house.hers['guest_id']}").status_code == 200
    ours = Visitor(house.apps["segments"], LISBON[1]).client
    assert "Rita Cantu" in ours.get("/segments/guests").get_data(as_text=True)
    assert ours.get(f"/segments/guests/{house.ours['guest_id']}").status_code == 200
