"""Journey documents: what may stand in one, and where it says an error is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.campaigns.rules.document import journey_of
from services.campaigns.schemas import overridden, parse, validated
from services.campaigns.shipped import KEYS, shipped
from services.campaigns.steps.branch import Branch
from services.campaigns.steps.send import Send
from services.campaigns.steps.wait import Wait
from services.campaigns.steps.wait_until import WaitUntil
from shared.errors import InputError, NotFound
from shared.vocabulary.purpose import Purpose

WELCOME = """
key: welcome
name: Welcome after the first stay
purpose: marketing
entry: {audience: first-stay}
exits:
  - audience: left
  - event: case.opened
steps:
  - key: pause
    wait: {days: 2, hours: 3}
  - key: regular
    branch:
      if: {audience: regulars}
      then: goodbye
  - key: tuesday
    wait_until: {hour: "18:30", weekdays: [tuesday]}
  - key: letter
    send: {template: welcome, channels: [email], useful_for: {hours: 36}, wants: [in_house]}
  - key: goodbye
    exit: {reason: regular-guest}
"""


def broken(**changes: Any) -> dict[str, str]:
    """The problems of the welcome journey with other values at some places, as `steps__0__wait`."""
    data = json.loads(json.dumps(parse(WELCOME)))
    for path, value in changes.items():
        *parts, last = path.split("__")
        place: Any = data
        for part in parts:
            place = place[int(part)] if isinstance(place, list) else place[part]
        if value is None:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = value
    with pytest.raises(InputError) as raised:
        validated(data)
    return raised.value.problems


def test_a_whole_document_becomes_a_journey() -> None:
    journey = journey_of(parse(WELCOME))
    assert journey.purpose is Purpose.MARKETING
    pause, regular, tuesday, letter, _ = journey.steps
    assert isinstance(pause, Wait) and (pause.days, pause.time.total_seconds()) == (2, 3 * 3600)
    assert isinstance(regular, Branch) and (regular.ways[0].to, regular.otherwise) == ("goodbye", None)
    assert isinstance(tuesday, WaitUntil) and tuesday.weekdays == {1}
    assert isinstance(letter, Send) and letter.wants == ("in_house",)
    assert journey.segments == ("first-stay", "regulars")
    assert journey.happenings == {"case.opened"}
    assert journey.hour_before(3) == "18:30"


def test_validating_a_valid_document_again_changes_nothing() -> None:
    for key in KEYS:
        assert validated(shipped(key)) == shipped(key)


@pytest.mark.parametrize(
    ("changes", "pointer", "text"),
    [
        ({"colour": "red"}, "/colour", "unknown field"),
        ({"key": None}, "/key", "required"),
        ({"key": "Welcome!"}, "/key", "lower case"),
        ({"purpose": "fun"}, "/purpose", "one of marketing, feedback, stay_service"),
        ({"holdout": 80}, "/holdout", "0"),
        ({"holdout": "10"}, "/holdout", "integer"),
        ({"steps": []}, "/steps", "does something"),
        ({"steps__0__dance": {"days": 2}}, "/steps/0/dance", "unknown field"),
        ({"steps__0__wait": None}, "/steps/0", "one of send, wait, wait_until, until_date, wait_for, branch"),
        ({"steps__0__exit": {"reason": "no"}}, "/steps/0", "exactly one"),
        ({"steps__0__wait__days": -1}, "/steps/0/wait/days", "0"),
        ({"steps__0__wait": {}}, "/steps/0/wait", "how long"),
        ({"steps__3__send__wants": ["absence", "for_everyone"]}, "/steps/3/send/wants", "guest's absence"),
        ({"steps__0__wait": "2 days"}, "/steps/0/wait", "object"),
        ({"steps__0__wait__weeks": 2}, "/steps/0/wait/weeks", "unknown field"),
        ({"steps__1__branch__then": "nowhere"}, "/steps/1/branch/then", "no such step"),
        ({"steps__1__branch__then": "pause"}, "/steps/1/branch/then", "forward only"),
        ({"steps__1__branch__then": "regular"}, "/steps/1/branch/then", "forward only"),
        ({"steps__1__branch__if": {}}, "/steps/1/branch/if", "exactly one of audience, event, data"),
        ({"steps__1__branch__if": {"data": "cause"}}, "/steps/1/branch/if", "values of in"),
        ({"steps__1__branch__if": {"event": "moon.full"}}, "/steps/1/branch/if/event", "one of"),
        ({"steps__2__wait_until__hour": 600}, "/steps/2/wait_until/hour", "quotes"),
        ({"steps__2__wait_until__hour": "25:00"}, "/steps/2/wait_until/hour", "HH:MM"),
        ({"steps__2__wait_until__weekdays__0": "someday"}, "/steps/2/wait_until/weekdays/0", "one of monday"),
        ({"steps__3__key": "pause"}, "/steps/3/key", "another step"),
        ({"steps__3__send__channels": []}, "/steps/3/send/channels", "at least one channel"),
        ({"steps__3__send__channels__0": "fax"}, "/steps/3/send/channels/0", "one of email, sms"),
        ({"steps__3__send__useful_for": None}, "/steps/3/send/useful_for", "required"),
        ({"steps__3__send__wants__0": "luck"}, "/steps/3/send/wants/0", "one of"),
        ({"exits__0": {"audience": "left", "event": "case.opened"}}, "/exits/0", "exactly one"),
        ({"exits__0": {"stay": "undone"}}, "/exits/0/stay", "only an entry by a stay"),
        ({"entry": {"audience": "first-stay", "stay": "booked"}}, "/entry", "an entry is"),
        ({"entry": {"stay": "checked_out"}}, "/exits/0/audience", "only who entered by an audience"),
        ({"entry": {"date": "birthday"}}, "/entry", "an entry is"),
        ({"re_entry": "often"}, "/re_entry", "one of each_occurrence, once"),
    ],
)
def test_each_error_is_named_by_its_place(changes: dict[str, Any], pointer: str, text: str) -> None:
    problems = broken(**changes)
    assert pointer in problems, problems
    assert text in problems[pointer]


def test_all_errors_are_told_at_once() -> None:
    assert set(broken(colour="red", steps__0__dance=1, steps__3__send__channels__0="fax")) == {
        "/colour",
        "/steps/0/dance",
        "/steps/3/send/channels/0",
    }


@pytest.mark.parametrize("text", ["- a\n- list", "only words", "", "12"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse(text)
    assert raised.value.problems == {"/": "an object is expected"}


def test_yaml_that_cannot_be_read_is_named_by_line() -> None:
    with pytest.raises(InputError) as raised:
        parse("key: welcome\nname: [unclosed\npurpose: x")
    assert list(raised.value.problems) == ["line 3, column 8"]


def test_yaml_cannot_make_objects() -> None:
    with pytest.raises(InputError):
        parse("key: !!python/object/apply:os.getcwd []")


def test_an_override_changes_one_place_and_is_checked_too() -> None:
    changed = overridden(shipped("win-back"), {"entry/audience": "lapsed-3-months", "steps/1/wait/days": 10})
    assert changed["entry"]["audience"] == "lapsed-3-months"
    assert changed["steps"][1]["wait"]["days"] == 10
    assert shipped("win-back")["entry"]["audience"] == "lapsed-3-months-regular"
    with pytest.raises(InputError) as raised:
        overridden(shipped("win-back"), {"holdout": 99})
    assert list(raised.value.problems) == ["/holdout"]
    with pytest.raises(InputError) as raised:
        overridden(shipped("win-back"), {"stps/1/wait": 1})
    assert list(raised.value.problems) == ["/stps/1/wait"]


def test_nothing_else_is_shipped() -> None:
    with pytest.raises(NotFound):
        shipped("surprise")
