"""Hold a ledger against what the oracle predicts, line by line."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.oracle.export import read_rows
from tests.oracle.identity import check_identity
from tests.oracle.mismatch import Mismatch
from tests.oracle.predict import Key, Line, guests_of, predict

PURPOSES = {"birthday": "marketing", "win-back": "marketing", "post-stay-survey": "feedback"}
FIELDS = {"at", "local", "guest", "property", "journey", "version", "step", "occurrence", "channel", "purpose", "to"}
FIELDS |= {"language", "state", "reason"}


def compare(csv_path: Path, guests_path: Path, ledger_path: Path, from_day: date, to_day: date) -> list[Mismatch]:
    """Everything in which the ledger and the guests differ from what the reservations ask for; empty where nothing."""
    rows = read_rows(csv_path)
    people = [json.loads(line) for line in guests_path.read_text(encoding="utf-8").splitlines()]
    guest_of = {number: person["guest"] for person in people for number in person["reservations"]}
    found = list(check_identity(rows, people))
    lines = [json.loads(line) for line in ledger_path.read_text(encoding="utf-8").splitlines()]
    found += _malformed(lines)
    counted = [line for line in lines if from_day <= datetime.fromisoformat(line["local"]).date() <= to_day]
    sent = [line for line in counted if line["state"] == "sent"]
    went_first = frozenset((_key(line), _at(line)) for line in sent if line["channel"] == "email")
    went_next = frozenset((_key(line), _at(line)) for line in sent) - went_first
    predicted = predict(guests_of(rows, guest_of), from_day, to_day, went_first, went_next)
    return found + list(_differences(predicted, counted))


def summary(mismatches: Iterable[Mismatch]) -> str:
    counts = Counter((one.kind, one.about) for one in mismatches)
    lines = [f"{count:7} {kind} · {about}" for (kind, about), count in sorted(counts.items(), key=lambda c: -c[1])]
    return "\n".join(lines) or "no mismatch"


def _key(line: dict[str, Any]) -> Key:
    return line["journey"], line["guest"], line["occurrence"]


def _at(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["at"])


def _malformed(lines: Iterable[dict[str, Any]]) -> Iterator[Mismatch]:
    for place, line in enumerate(lines, 1):
        if set(line) != FIELDS:
            yield Mismatch("malformed", "fields", f"line {place} has {sorted(set(line) ^ FIELDS)} amiss")
        elif _at(line) != datetime.fromisoformat(line["local"]):
            yield Mismatch("malformed", "local", f"line {place}: {line['at']} is not {line['local']}")
        elif PURPOSES.get(line["journey"]) != line["purpose"]:
            yield Mismatch("malformed", "purpose", f"line {place}: {line['journey']} as {line['purpose']}")


def _differences(predicted: list[Line], counted: list[dict[str, Any]]) -> Iterator[Mismatch]:
    expected: dict[Key, list[Line]] = defaultdict(list)
    found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for line in predicted:
        expected[line.key].append(line)
    for entry in counted:
        found[_key(entry)].append(entry)
    for key in sorted({*expected, *found}):
        theirs = sorted(found[key], key=_at)
        for line, entry in zip_longest(sorted(expected[key], key=lambda line: line.at), theirs):
            if difference := _difference(key, line, entry):
                yield difference


def _difference(key: Key, line: Line | None, entry: dict[str, Any] | None) -> Mismatch | None:
    name = " ".join(key)
    if entry is None:
        assert line
        return Mismatch("missing", f"{key[0]} {_outcome(line.state, line.reason)}", f"{name} at {line.local}")
    if line is None:
        outcome = _outcome(entry["state"], entry["reason"])
        return Mismatch("unexpected", f"{key[0]} {outcome}", f"{name} at {entry['local']}")
    wrong = {field: values for field, values in _pairs(line, entry) if values[0] != values[1]}
    if not wrong:
        return None
    about = ", ".join(sorted(wrong))
    if {"state", "reason"} & set(wrong):
        about = f"{_outcome(line.state, line.reason)}, not {_outcome(entry['state'], entry['reason'])}"
    told = "; ".join(f"{field} should be {right}, is {is_}" for field, (right, is_) in wrong.items())
    return Mismatch("differs", f"{key[0]} {about}", f"{name} at {line.local}: {told}")


def _pairs(line: Line, entry: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    yield "at", (line.at, _at(entry))
    yield "offset", (line.local.utcoffset(), datetime.fromisoformat(entry["local"]).utcoffset())
    yield "state", (line.state, entry["state"])
    if line.state != "withdrawn":
        yield "reason", (line.reason, entry["reason"])
        yield "language", (line.language, entry["language"])
    yield "property", (line.property, entry["property"])
    if line.state in ("sent", "held"):
        yield "channel", (line.channel, entry["channel"])
    if line.state in ("sent", "held") or (line.to and entry["to"]):
        yield "to", (line.to, entry["to"])


def _outcome(state: str, reason: str | None) -> str:
    return state if reason in (None, state) else f"{state}:{reason}"
