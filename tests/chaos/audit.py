"""The reckoning: the providers' ledgers against the tables, the tables against one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guestloop.composition.services import Group
from tests.chaos.campaign import OFFERS, SURVEY, Invited
from tests.chaos.heard import never_said, unheard
from tests.chaos.ledgers import Taken, read
from tests.chaos.poison import Poison

ENDS = ("sent", "failed", "skipped", "expired", "withdrawn")


@dataclass
class Audit:
    """`figures`: what happened; `wrong`: what must not have, each 0."""

    figures: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not any(self.wrong.values())

    def table(self) -> str:
        rows = [*self.figures.items(), ("", None), *self.wrong.items()]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {'' if number is None else format(number, ',')}" for name, number in rows)


@dataclass(frozen=True)
class Delivery:
    message_id: str
    journey: str
    state: str
    reason: str | None


def audit(
    group: Group, folder: Path, everybody: Sequence[Invited], answers: Mapping[str, int], poison: Poison
) -> Audit:
    """`answers`: by message the score that a guest was thanked for."""
    taken = [*read(folder / "mails.jsonl"), *read(folder / "texts.jsonl")]
    deliveries = {row[0]: Delivery(*row) for row in _rows(group, "messaging", DELIVERIES)}
    done = Audit()
    _messages(done, group, deliveries, taken)
    _guests(done, deliveries, taken, everybody)
    _answers(done, group, answers)
    _unknowns(done, group)
    _bus(done, group, poison)
    _agreement(done, group)
    return done


DELIVERIES = "select message_id::text, journey, state, reason from delivery"


def _messages(done: Audit, group: Group, deliveries: dict[str, Delivery], taken: Sequence[Taken]) -> None:
    """Each request came to one end, and what is told of it is what the provider's ledger says."""
    requested = {row[0] for row in _rows(group, "campaigns", "select id::text from message where withdrawn_at is null")}
    times = Counter(entry.message_id for entry in taken)
    told = {message for message, delivery in deliveries.items() if delivery.state == "sent"}
    states = Counter(delivery.state for delivery in deliveries.values())
    done.figures |= {"requested": len(requested), "taken by the providers": len(taken)}
    done.figures |= {state: states[state] for state in ENDS if states[state]}
    done.wrong["lost"] = len(requested - deliveries.keys()) + len(told - times.keys())
    done.wrong["sent twice"] = sum(count > 1 for count in times.values())
    done.wrong["sent and not told"] = len(times.keys() - told)
    done.wrong["without an end"] = sum(delivery.state not in ENDS for delivery in deliveries.values())


def _guests(done: Audit, deliveries: dict[str, Delivery], taken: Sequence[Taken], everybody: Sequence[Invited]) -> None:
    """Who was to get a survey got one, or its end is told; nobody got two offers, and nobody one she did not allow."""
    surveys, offers = Counter[str](), Counter[str]()
    for entry in taken:
        journey = deliveries[entry.message_id].journey if entry.message_id in deliveries else ""
        (surveys if journey == SURVEY else offers)[entry.to] += 1
    asked = sum(delivery.journey == SURVEY for delivery in deliveries.values())
    # a guest who complains of an offer's mail first is not asked while that is open, until it is too late
    ended = sum(one.journey == SURVEY and one.state in ("failed", "expired") for one in deliveries.values())
    offered = sum(one.journey in OFFERS for one in deliveries.values())
    done.figures |= {"guests": len(everybody), "surveys taken": surveys.total(), "offers taken": offers.total()}
    done.wrong["guests without a survey or its reason"] = len(everybody) - len(surveys) - ended
    done.wrong["surveys asked for wrongly"] = abs(asked - len(everybody))
    done.wrong["offers asked for wrongly"] = abs(offered - len(OFFERS) * len(everybody))
    done.wrong["caps exceeded"] = sum(count > 1 for count in offers.values())
    forbidden = {guest.to for guest in everybody if not guest.offers}
    done.wrong["offers to who refused them"] = len(forbidden & offers.keys())


def _answers(done: Audit, group: Group, given: Mapping[str, int]) -> None:
    """What a guest was thanked for is there, and everybody who hears of it heard of it."""
    kept = dict(_rows(group, "feedback", "select message_id::text, score from survey_answer"))
    done.figures["answers that were thanked for"] = len(given)
    done.wrong["answers lost or changed"] = sum(kept.get(message) != score for message, score in given.items())
    cases = "select case_id, version from case_known"
    opened = set(_rows(group, "feedback", "select case_id, version from care_case"))
    done.wrong["cases known otherwise"] = len(opened ^ set(_rows(group, "messaging", cases)))


def _unknowns(done: Audit, group: Group) -> None:
    reasons = "select reason, count(*) from decision where reason is not null group by reason"
    rows: dict[str, int] = dict(_rows(group, "messaging", reasons))
    ever = _one(group, "messaging", "select count(distinct message_id) from decision where state = 'unknown'")
    done.figures["unknown"] = ever
    known = {
        "the provider has it": rows.get("provider_has_it", 0),
        "the provider never had it (an offer: failed)": rows.get("provider_never_had_it", 0),
        "a person found it": rows.get("arrived", 0),
        "a person found that it never arrived": rows.get("never_arrived", 0),
    }
    rest = ever - sum(known.values())
    known["sent again once that was certain, or its sender answered late"] = rest
    done.figures |= {f"  reconciled: {what}": count for what, count in known.items()}


def _bus(done: Audit, group: Group, poison: Poison) -> None:
    published = sum(_one(group, name, "select count(*) from outbox") for name in group.services)
    pending = sum(
        _one(group, name, "select count(*) from outbox where published_at is null") for name in group.services
    )
    done.figures["messages on the bus"] = published
    done.wrong |= {"not published": pending, "published and not heard": sum(unheard(group).values())}
    done.wrong |= {"heard and never said": never_said(group, poison.all_ids())}
    done.figures["poisonous messages"] = len(poison.all_ids())
    done.wrong |= {"poison not set aside": poison.not_set_aside(group), "dead letters": poison.others_set_aside(group)}


def _agreement(done: Audit, group: Group) -> None:
    """Every read model is where its owner is."""
    stays = set(_rows(group, "segments", "select id, version from stay"))
    known = [set(_rows(group, name, "select stay_id, version from stay_known")) for name in ("campaigns", "messaging")]
    guests = set(_rows(group, "segments", "select id, version from guest"))
    recipients = set(_rows(group, "messaging", "select guest_id, version from recipient"))
    ends = set(_rows(group, "messaging", "select message_id, state from delivery"))
    heard = set(_rows(group, "campaigns", "select id, state from message where withdrawn_at is null"))
    done.wrong["stays known otherwise"] = sum(len(stays ^ one) for one in known)
    done.wrong["guests known otherwise"] = len(guests ^ recipients)
    done.wrong["ends known otherwise"] = len(ends ^ heard)


def _rows(group: Group, service: str, query: str) -> Iterable[Any]:
    with group.database(service).transaction() as tx:
        return tx.execute(query).fetchall()


def _one(group: Group, service: str, query: str) -> int:
    ((number,),) = _rows(group, service, query)
    return int(number)
