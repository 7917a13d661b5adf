"""Guessing passwords is slow from everywhere, and does not lock out the person whose password is guessed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from services.console.commands.signing_in import hashing
from services.console.commands.signing_in.hashing import METHOD, TooBusy, Turnstile, hashed, is_outdated, matches
from services.console.rules.pauses import FREE, AttemptKind, network_of
from services.console.store import attempts as store
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, MARTA_MAIL, MARTAS, House, open_house
from tests.loopback import PATIENCE
from tests.web import Browser, words

WRONG = "not this one at all"


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def try_it(browser: Browser, password: str, email: str = MARTA_MAIL) -> TestResponse:
    browser.get("/sign-in")
    return browser.post("/sign-in", {"email": email, "password": password}, follow=False)


def sign_out(browser: Browser) -> Browser:
    browser.get("/account")
    browser.post("/sign-out")
    return browser


def known(house: House, *, at: str = "10.0.0.1", email: str = MARTA_MAIL, password: str = MARTAS) -> Browser:
    """The browser of somebody who signed in before, signed out."""
    browser = house.browser(at=at)
    assert try_it(browser, password, email).status_code == 303
    return sign_out(browser)


def guess(house: House, times: int, *, at: str) -> list[int]:
    browser = house.browser(at=at)
    return [try_it(browser, WRONG).status_code for _ in range(times)]


def guess_from_many(house: House, times: int, email: str = MARTA_MAIL) -> list[int]:
    """One guess from each of so many addresses."""
    browser, found = house.browser(), []
    for number in range(times):
        browser.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        found.append(try_it(browser, WRONG, email).status_code)
    return found


def test_five_wrong_passwords_from_elsewhere_do_not_lock_out_the_right_person(house: House) -> None:
    assert guess(house, 6, at="203.0.113.9") == [422] * 5 + [429]
    assert try_it(house.browser(at="10.0.0.1"), MARTAS).status_code == 303


def test_guesses_spread_over_many_addresses_are_slowed_and_known_devices_do_not_notice(house: House) -> None:
    hers = known(house)
    answers = guess_from_many(house, FREE[AttemptKind.ACCOUNT] + 2)
    assert answers == [422] * FREE[AttemptKind.ACCOUNT] + [429] * 2
    assert try_it(house.browser(at="10.0.0.99"), MARTAS).status_code == 429  # a device nobody has seen
    assert try_it(hers, MARTAS).status_code == 303
    assert try_it(house.browser(), ADAS, ADA_MAIL).status_code == 303  # another account


def test_a_known_device_is_not_held_up_by_its_neighbours_in_the_network(house: House) -> None:
    hers = known(house, at="10.9.9.9")
    neighbour = house.browser(at="10.9.9.9")
    for number in range(FREE[AttemptKind.ADDRESS] + 1):
        answer = try_it(neighbour, WRONG, f"n{number}@casa.example.com")
    assert answer.status_code == 429
    assert try_it(hers, MARTAS).status_code == 303


def test_a_known_device_has_a_count_of_its_own(house: House) -> None:
    hers = known(house)
    assert [try_it(hers, WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    house.clock.advance_to(NOW + timedelta(seconds=6))
    assert try_it(hers, MARTAS).status_code == 303
    sign_out(hers)
    assert try_it(hers, WRONG).status_code == 422  # the count began anew


def test_a_device_is_known_for_the_account_that_signed_in_there_and_for_no_other(house: House) -> None:
    martas = known(house)
    guess_from_many(house, FREE[AttemptKind.ACCOUNT], ADA_MAIL)
    assert try_it(martas, ADAS, ADA_MAIL).status_code == 429
    assert try_it(martas, MARTAS).status_code == 303


def test_a_device_that_two_colleagues_share_is_known_for_both(house: House) -> None:
    desk = known(house)
    assert try_it(desk, ADAS, ADA_MAIL).status_code == 303
    sign_out(desk)
    assert house.one("select count(distinct device_id) from known_device") == 1
    guess(house, FREE[AttemptKind.ADDRESS], at="10.0.0.1")
    assert try_it(desk, MARTAS).status_code == 303


def test_a_copied_device_cookie_is_worth_nothing_after_the_next_sign_in(house: House) -> None:
    hers = known(house)
    cookie = hers.client.get_cookie("guestloop_device")
    assert cookie is not None and cookie.http_only
    assert try_it(hers, MARTAS).status_code == 303
    thief = house.browser(at="203.0.113.9")
    thief.client.set_cookie("guestloop_device", cookie.value)
    assert [try_it(thief, WRONG).status_code for _ in range(6)][-1] == 429
    assert house.one("select count(*) from sign_in_attempt where kind = 'device'") == 0


def test_a_device_cookie_cannot_be_made_up(house: House) -> None:
    thief = house.browser(at="203.0.113.9")
    thief.client.set_cookie("guestloop_device", str(house.marta))
    assert try_it(thief, MARTAS).status_code == 303


def test_who_ends_a_session_elsewhere_forgets_its_device_and_who_signs_out_keeps_it(house: House) -> None:
    lost = house.browser(at="10.0.0.2")
    try_it(lost, MARTAS)
    desk = known(house)
    try_it(desk, MARTAS)
    with lost.client.session_transaction() as session:
        number = session["id"]
    desk.get("/account")
    desk.post(f"/account/sessions/{number}/ending")
    assert house.one("select count(*) from known_device") == 1
    desk.post("/account/sessions/ending")
    assert house.one("select count(*) from known_device") == 1  # this one
    ada = house.signed_in()
    ada.get(f"/people/{house.marta}")
    ada.post(f"/people/{house.marta}/sessions/ending")
    assert house.all("select person_id from known_device") == [(house.ada,)]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_one_subscriber_of_the_network_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_rows_of_attempts_come_to_an_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ROWS", 100)
    with house.database.transaction() as tx:
        tx.execute(
            "insert into sign_in_attempt select 'address', 'n' || n, 1, %s::timestamptz - n * interval '1 second'"
            " from generate_series(1, 200) n",
            (NOW,),
        )
        for _ in range(12):
            store.prune(tx, NOW - timedelta(days=1))
    left = house.all("select count(*), min(last_at) from sign_in_attempt")
    assert left == [(100, NOW - timedelta(seconds=100))]  # the newest stay
    house.clock.advance_to(NOW + timedelta(days=2))
    guess(house, 1, at="203.0.113.9")
    assert house.one("select count(*) from sign_in_attempt") == 3


def test_hashes_are_made_at_the_recommended_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "METHOD", METHOD)
    assert METHOD == "scrypt:32768:8:3"
    made = hashed(MARTAS)
    assert made.startswith(f"{METHOD}$") and matches(made, MARTAS) and not matches(made, ADAS)
    assert not is_outdated(made)


def test_a_hash_of_the_former_cost_is_renewed_at_the_next_right_sign_in(house: House) -> None:
    former = generate_password_hash(MARTAS, hashing.FORMER)
    with house.database.transaction() as tx:
        tx.execute("update account set password_hash = %s where person_id = %s", (former, house.marta))
    assert try_it(house.browser(), WRONG).status_code == 422
    assert house.one("select password_hash from account where person_id = %s", house.marta) == former
    first = house.browser()
    assert try_it(first, MARTAS).status_code == 303
    kept = house.one("select password_hash from account where person_id = %s", house.marta)
    assert kept.startswith(f"{hashing.METHOD}$")
    assert first.get("/account").status_code == 200  # no session ends by that
    assert try_it(house.browser(), MARTAS).status_code == 303


def test_so_many_hashes_at_once_and_the_next_are_refused() -> None:
    turnstile, inside, go = Turnstile(at_once=1, waiting=1), threading.Event(), threading.Event()
    most, now_inside = [0], [0]

    def stay() -> None:
        with turnstile.passing():
            now_inside[0] += 1
            most[0] = max(most[0], now_inside[0])
            inside.set()
            go.wait(PATIENCE)
            now_inside[0] -= 1

    threads = [threading.Thread(target=stay) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert inside.wait(PATIENCE)
    for _ in range(1000):  # the second waits in the room
        if not turnstile._room.acquire(blocking=False):
            break
        turnstile._room.release()
    with pytest.raises(TooBusy), turnstile.passing():
        pass
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1]
    with turnstile.passing():
        pass


def test_strangers_in_the_turnstile_hold_up_no_known_device_and_their_attempt_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = known(house)
    monkeypatch.setattr(hashing, "STRANGERS", full := Turnstile(at_once=1, waiting=0))
    with full.passing():
        answers = [try_it(house.browser(at="203.0.113.9"), MARTAS) for _ in range(7)]
        assert {answer.status_code for answer in answers} == {503}
        assert "try again in a few seconds" in words(answers[0])
        assert try_it(hers, MARTAS).status_code == 303
    assert try_it(house.browser(at="203.0.113.9"), MARTAS).status_code == 303


def test_guesses_are_in_the_logs_by_numbers(house: House) -> None:
    with capture_logs() as logs:
        statuses = guess(house, FREE[AttemptKind.PAIR] + 1, at="203.0.113.9")
        guess_from_many(house, 1, email="nobody@example.com")
    failed = [line for line in logs if line["event"] == "a sign-in failed"]
    assert statuses[-1] == 429 and [line["event"] for line in logs].count("sign-ins are held back") == 1
    assert len({line["network"] for line in failed[:-1]}) == 1 and failed[0]["person"]
    assert failed[-1]["person"] is None and failed[-1]["network"] != failed[0]["network"]
    assert "203.0.113" not in str(logs) and "@" not in str(logs)
