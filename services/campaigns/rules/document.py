"""A validated document (plain values, all defaults filled in) to the dataclasses the rules read. Nothing is checked."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from services.campaigns.rules.journey import (
    AudienceEntry,
    Branch,
    Condition,
    DataIn,
    DateEntry,
    End,
    Entry,
    Exit,
    Goal,
    Happened,
    InAudience,
    Journey,
    LeftAudience,
    Occurrence,
    ReEntry,
    Send,
    StayEntry,
    StayTurned,
    Step,
    Wait,
    WaitUntil,
)
from shared.vocabulary.purpose import Purpose

Document = dict[str, Any]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def journey_of(document: Document) -> Journey:
    return Journey(
        key=document["key"],
        name=document["name"],
        purpose=Purpose(document["purpose"]),
        priority=document["priority"],
        entry=_entry(document["entry"]),
        re_entry=ReEntry(document["re_entry"]),
        holdout=document["holdout"],
        goal=_goal(document["goal"]),
        exits=tuple(_exit(exit_) for exit_ in document["exits"]),
        steps=tuple(_step(step) for step in document["steps"]),
    )


def _entry(entry: Document) -> Entry:
    if "stay" in entry:
        return StayEntry(entry["stay"])
    if "date" in entry:
        return DateEntry(entry["date"], entry["audience"], entry["offset_days"])
    return AudienceEntry(entry["audience"], entry["when"] == "entered", Occurrence(entry["occurrence"]))


def _goal(goal: Document | None) -> Goal | None:
    return Goal(goal["event"], timedelta(days=goal["within_days"])) if goal else None


def _exit(exit_: Document) -> Exit:
    if "audience" in exit_:
        return LeftAudience()
    if "stay" in exit_:
        return StayTurned(exit_["stay"])
    return Happened(exit_["event"])


def _step(step: Document) -> Step:
    key = step["key"]
    if send := step.get("send"):
        useful_for = timedelta(days=send["useful_for"]["days"], hours=send["useful_for"]["hours"])
        return Send(key, send["template"], tuple(send["channels"]), useful_for, tuple(send["wants"]))
    if wait := step.get("wait"):
        return Wait(key, wait["days"], timedelta(hours=wait["hours"], minutes=wait["minutes"]))
    if until := step.get("wait_until"):
        weekdays = frozenset(WEEKDAYS.index(day) for day in until["weekdays"])
        return WaitUntil(key, time.fromisoformat(until["hour"]), weekdays, until["strictly_after"])
    if branch := step.get("branch"):
        return Branch(key, _condition(branch["if"]), branch["then"], branch["else"])
    return End(key, step["exit"]["reason"])


def _condition(condition: Document) -> Condition:
    if "audience" in condition:
        return InAudience(condition["audience"])
    if "event" in condition:
        return Happened(condition["event"])
    return DataIn(condition["data"], tuple(condition["in"]))
