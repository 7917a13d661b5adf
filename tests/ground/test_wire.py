"""Events on the wire: every type goes there and back, examples of old load for ever, what is malformed is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.errors import MalformedEvent
from shared.events import Chunk, EventType, Lane, all_types, chunk_of, event_type
from shared.events.wire import decode, decode_sound, encode, schema_of

CONTRACTS = Path(__file__).parent.parent / "contracts"
EXAMPLES = sorted(CONTRACTS.glob("*.json"))
TYPES = [pytest.param(entry, id=entry.name) for entry in all_types()]
WHOLE = st.integers(-(2**63), 2**63 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def name_of(path: Path) -> str:
    return path.name.removesuffix(".json")


# examples


def test_every_type_of_the_dictionary_has_an_example() -> None:
    assert {entry.name for entry in all_types()} == {name_of(path) for path in EXAMPLES}


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_an_example_of_each_version_loads_for_ever(path: Path) -> None:
    given_body = json.loads(path.read_text(encoding="utf-8"))
    chunk = decode(name_of(path), path.read_bytes())
    assert len(chunk) == 2
    for column, values in given_body.items():
        assert with_defaults_dropped(chunk[column], values) == values
    assert json.loads(encode(chunk)) == chunk.columns


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_what_is_sealed_in_an_example_opens(path: Path, keyring: KeyRing) -> None:
    for word in json.dumps(json.loads(path.read_text())).split('"'):
        if word.startswith("sealed:"):
            purpose = Sealing.RECEIVER if name_of(path).startswith("receiver.") else Sealing.CONTACT
            assert keyring.open(Sealed(word), purpose)


def with_defaults_dropped(loaded: Any, written: Any) -> Any:
    """`loaded` without the fields of records that the example, being older, does not have."""
    if isinstance(loaded, dict):
        return {name: with_defaults_dropped(value, written[name]) for name, value in loaded.items() if name in written}
    if isinstance(loaded, list):
        return [with_defaults_dropped(value, old) for value, old in zip(loaded, written, strict=True)]
    return loaded


# there and back


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    arguments = get_args(hint)
    if NoneType in arguments:
        return st.none() | values_of(next(argument for argument in arguments if argument is not NoneType))
    if get_origin(hint) is list:
        return st.lists(values_of(arguments[0]), max_size=2)
    if get_origin(hint) is dict:
        return st.dictionaries(st.text(max_size=3), JSON, max_size=2)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: values_of(hints[field.name]) for field in fields(hint)})
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return PLAIN[hint]


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=10),
    int: WHOLE,
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.timezones() | st.just(UTC)),  # noqa: DTZ001
    Sealed: st.text(st.characters(codec="utf-8"), max_size=10).map(lambda text: Sealed(f"sealed:{text}")),
}


def as_json(value: Any) -> Any:
    """What a hearer is handed for a Python value."""
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return [as_json(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("entry", TYPES)
def test_every_type_goes_there_and_back(entry: EventType) -> None:
    @settings(max_examples=15)
    @given(st.lists(values_of(entry.subject), min_size=1, max_size=2), st.booleans())
    def there_and_back(subjects: list[Any], republished: bool) -> None:
        chunk = chunk_of(subjects, republished=republished)
        body = encode(chunk)
        heard = decode(entry.name, body, republished=republished)
        assert heard == Chunk(entry, {c: as_json(chunk[c]) for c in entry.columns}, republished)
        assert encode(heard) == body  # what was heard may be said on, byte for byte

    there_and_back()


# strict when published, tolerant when consumed


@pytest.fixture
def stays() -> Chunk:
    return decode("stay.booked.v1", (CONTRACTS / "stay.booked.v1.json").read_bytes())


Spoil = Callable[[dict[str, Any]], Any]


def set_to(column: str, value: Any) -> Spoil:
    return lambda columns: columns.update({column: value})


def place_to(column: str, value: Any) -> Spoil:
    return lambda columns: columns.update({column: [columns[column][0], value]})


WRONG_PLACES = [
    ("stay_id", "no uuid"),
    ("stay_id", 7),
    ("stay_id", None),
    ("version", "3"),
    ("version", True),
    ("version", 1.0),
    ("guest_id", ["2dff3d43-0263-57b4-afad-4b74f7b8e9dd"]),
    ("arrival", "2016-02-30"),
    ("arrival", 20160226),
    ("booked_at", "2016-01-04T06:00:00"),  # no zone
    ("booked_at", "yesterday"),
    ("status", "gone"),
    ("status", ["booked"]),
    ("muted", "false"),
    ("property", 1),
    ("property", None),
]


@pytest.mark.parametrize(("column", "value"), WRONG_PLACES)
def test_a_subject_at_fault_is_named_by_its_place_and_the_others_stand(stays: Chunk, column: str, value: Any) -> None:
    place_to(column, value)(stays.columns)
    with pytest.raises(MalformedEvent) as said:
        encode(stays)
    with pytest.raises(MalformedEvent) as heard:
        decode("stay.booked.v1", json.dumps(stays.columns).encode())
    assert set(said.value.subjects) == set(heard.value.subjects) == {1}
    assert said.value.subjects[1].startswith(f"{column}: ")
    sound, faults = decode_sound("stay.booked.v1", json.dumps(stays.columns).encode())
    assert (len(sound), set(faults)) == (1, {1})
    assert sound["stay_id"] == stays["stay_id"][:1]


@pytest.mark.parametrize("column", ["stay_id", "version", "arrival", "booked_at", "status", "muted"])
def test_what_stands_at_the_wrong_place_is_not_repeated_in_the_reason(stays: Chunk, column: str) -> None:
    place_to(column, "ana@example.com")(stays.columns)
    with pytest.raises(MalformedEvent) as refusal:
        decode("stay.booked.v1", json.dumps(stays.columns).encode())
    assert "ana" not in f"{refusal.value} {refusal.value.subjects}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda columns: columns.pop("version"),
        set_to("version", [1]),
        set_to("version", [1, 2, 3]),
        set_to("version", 1),
        set_to("version", None),
        set_to("stay_id", "2dff3d43-0263-57b4-afad-4b74f7b8e9dd"),
        set_to("stay_id", []),
    ],
)
def test_an_event_at_fault_as_a_whole_names_no_subject(stays: Chunk, spoil: Spoil) -> None:
    spoil(stays.columns)
    for act in (
        lambda: encode(stays),
        lambda: decode("stay.booked.v1", json.dumps(stays.columns).encode()),
        lambda: decode_sound("stay.booked.v1", json.dumps(stays.columns).encode()),
    ):
        with pytest.raises(MalformedEvent) as refusal:
            act()
        assert refusal.value.subjects == {}


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"7", b'"text"', b"{}", b"\xff\xfe", b'{"stay_id": {}}'])
def test_a_body_that_is_no_event_is_malformed(body: bytes) -> None:
    for read in (decode, decode_sound):
        with pytest.raises(MalformedEvent):
            read("stay.booked.v1", body)


def test_a_field_the_dictionary_does_not_know_is_refused_when_said_and_passed_over_when_heard(stays: Chunk) -> None:
    stays.columns["colour"] = ["red", "blue"]
    with pytest.raises(MalformedEvent, match="colour"):
        encode(stays)
    assert "colour" not in decode("stay.booked.v1", json.dumps(stays.columns).encode()).columns


def test_an_open_address_is_never_said() -> None:
    chunk = decode("survey.answered.v1", (CONTRACTS / "survey.answered.v1.json").read_bytes())
    chunk.columns["comment"] = ["9 but the pillows were hard", chunk["comment"][1]]
    with pytest.raises(MalformedEvent, match="travels sealed") as refusal:
        encode(chunk)
    assert "pillows" not in str(refusal.value)


@dataclass(frozen=True, kw_only=True)
class Older:
    """A type that gained a field after its first speakers were written."""

    key: str
    added: str = "as before"


def test_a_field_added_later_takes_its_default_where_an_older_speaker_left_it_out() -> None:
    schema = schema_of(EventType("older.v1", ("console",), ("key",), Lane.STAY, Older))
    assert schema.load({"key": ["a", "b"]}) == {"key": ["a", "b"], "added": ["as before", "as before"]}


def test_an_unknown_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        decode("stay.dreamt.v1", b"{}")


@pytest.mark.parametrize("record", [{}, {"channel": "email"}, {"colour": "red"}, 7, [], None])
def test_a_record_within_a_subject_is_whole_or_at_fault(record: Any) -> None:
    chunk = decode("guest.changed.v1", (CONTRACTS / "guest.changed.v1.json").read_bytes())
    place_to("points", [record])(chunk.columns)
    with pytest.raises(MalformedEvent) as refusal:
        encode(chunk)
    assert set(refusal.value.subjects) == {1}


def test_places_missing_and_at_fault_at_once_leave_no_subject_to_trust(stays: Chunk) -> None:
    stays.columns["version"] = ["first"]
    with pytest.raises(MalformedEvent) as refusal:
        decode_sound("stay.booked.v1", json.dumps(stays.columns).encode())
    assert refusal.value.subjects == {}


@given(st.sampled_from(EXAMPLES), st.data())
def test_whatever_stands_in_a_body_it_is_read_or_malformed_never_anything_else(path: Path, data: st.DataObject) -> None:
    body = json.loads(path.read_text(encoding="utf-8"))
    column = data.draw(st.sampled_from(sorted(body)))
    if data.draw(st.booleans()):
        body[column] = data.draw(JSON)
    else:
        body[column][data.draw(st.integers(0, 1))] = data.draw(JSON)
    text = json.dumps(body).encode()
    try:
        sound, faults = decode_sound(name_of(path), text)
    except MalformedEvent as error:
        assert not error.subjects
        return
    assert len(sound) + len(faults) == 2
    assert encode(sound)


def test_a_stay_travels_in_the_stay_lane_and_an_audience_in_marketings() -> None:
    assert event_type("stay.booked.v1").lane is Lane.STAY
    assert event_type("audience.changed.v1").lane is Lane.MARKETING


def test_a_large_body_read_twice_is_nobody_elses_and_a_wrong_one_stays_wrong() -> None:
    path = next(one for one in EXAMPLES if name_of(one).startswith("stay.booked"))
    body = json.loads(path.read_text(encoding="utf-8"))
    many = {column: values * 200 for column, values in body.items()}
    text = json.dumps(many).encode()
    one, other = decode(name_of(path), text), decode(name_of(path), text)
    assert one.columns == other.columns
    assert not any(one.columns[name] is other.columns[name] for name in one.columns)
    many["version"] = ["none"] * len(many["version"])
    for _ in range(2):
        with pytest.raises(MalformedEvent):
            decode(name_of(path), json.dumps(many).encode())
