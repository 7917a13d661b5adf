"""Steps are put on lines of the drawing, moved and taken out, and nobody else's way through the journey changes."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from services.campaigns.rules.drafting import Misplaced, new_draft
from services.campaigns.rules.layout import Laid, every, laid_out, reached
from services.campaigns.rules.placing import Line, add_on, copy_below, move_to, take_out
from services.campaigns.schemas.journey import step_problems
from services.campaigns.steps import kind_of, ways_of
from services.campaigns.steps.kind import Document

Path = tuple[str, ...]


def made(*steps: Document) -> Document:
    return {**new_draft("j", "J"), "steps": list(steps)}


def send(key: str) -> Document:
    return {"key": key, "send": {"template": key, "channels": ["email"], "useful_for": {"days": 3}, "wants": []}}


def fork(key: str, then: str | None, otherwise: str | None) -> Document:
    return {"key": key, "branch": {"if": {"audience": "gold"}, "then": then, "else": otherwise}}


def jump(key: str, to: str) -> Document:
    return {"key": key, "jump": {"to": to}}


def told(draft: Document) -> list[str]:
    """Each step by its key, with where its ways lead."""
    return [" ".join([step["key"], *(str(to or "-") for to in ways_of(step).values())]) for step in draft["steps"]]


def path(draft: Document, chosen: dict[str, int]) -> Path:
    """What a guest comes by, whose way of each fork is `chosen` (else the first)."""
    steps: list[Document] = draft["steps"]
    places = {step["key"]: place for place, step in enumerate(steps)}
    found, place = [], 0
    while place < len(steps):
        step = steps[place]
        ways = list(ways_of(step).values())
        if kind_of(step) == "exit":
            break
        if kind_of(step) != "jump":
            found.append(step["key"])
        to = ways[min(chosen.get(step["key"], 0), len(ways) - 1)] if ways else None
        assert to is None or places[to] > place
        place = places[to] if to else place + 1
    return tuple(found)


def ways_through(draft: Document, forks: list[str]) -> list[Path]:
    """By each choice at these forks."""
    return [path(draft, dict(zip(forks, chosen, strict=True))) for chosen in product((0, 1), repeat=len(forks))]


def lines(steps: list[Document]) -> list[Line]:
    """All of the drawing."""
    found = [Line()]
    for one in every(laid_out(steps)):
        key = steps[one.place]["key"]
        found += [Line(into=key, way=number) for number, _ in enumerate(one.ways)]
        if not one.ends:
            found.append(Line(after=key))
    return found


def drawn(laid: tuple[Laid, ...], steps: list[Document]) -> list[Any]:
    return [
        (steps[one.place]["key"], [drawn(way.steps, steps) for way in one.ways])
        if one.ways
        else steps[one.place]["key"]
        for one in laid
    ]


DIAMOND = made(fork("f", None, "b"), send("a"), jump("j", "end"), send("b"), send("end"))


def test_a_step_is_put_at_the_head_and_at_the_end_of_either_way() -> None:
    first, _ = add_on(DIAMOND, "wait", Line(into="f", way=0))
    assert told(first) == ["f - b", "wait-1", "a", "j end", "b", "end"]
    second, _ = add_on(DIAMOND, "wait", Line(into="f", way=1))
    assert told(second) == ["f - wait-1", "a", "j end", "wait-1", "b", "end"]
    last, _ = add_on(DIAMOND, "wait", Line(after="a"))
    assert told(last) == ["f - b", "a", "wait-1", "j end", "b", "end"]
    below, _ = add_on(DIAMOND, "wait", Line(after="f"))
    assert told(below) == ["f - b", "a", "j wait-1", "b", "wait-1", "end"]


def test_a_way_that_had_no_step_gets_one_and_the_other_way_goes_past_it() -> None:
    straight = made(fork("f", None, "end"), send("a"), send("end"))
    changed, _ = add_on(straight, "wait", Line(into="f", way=1))
    assert told(changed) == ["f - wait-1", "a", "jump-1 end", "wait-1", "end"]
    assert drawn(laid_out(changed["steps"]), changed["steps"]) == [("f", [["a"], ["wait-1"]]), "end"]


def test_a_fork_that_is_the_last_step_leads_past_what_is_put_in_one_way() -> None:
    fresh, _ = add_on(made(send("a"), fork("f", None, None)), "wait", Line(into="f", way=0))
    assert told(fresh) == ["a", "f - end-1", "wait-1", "end-1"]
    both, _ = add_on(fresh, "send", Line(into="f", way=1))
    assert told(both) == ["a", "f - message-1", "wait-1", "jump-1 end-1", "message-1", "end-1"]


def test_a_step_is_moved_into_a_way_and_a_fork_with_all_it_holds() -> None:
    moved = move_to(DIAMOND, "end", Line(into="f", way=0))
    assert ways_through(moved, ["f"]) == [("f", "end", "a"), ("f", "b")]
    above = move_to(made(send("x"), *DIAMOND["steps"]), "f", Line())
    assert told(above) == ["f - b", "a", "j x", "b", "x", "end"]


def test_a_fork_is_not_moved_into_its_own_ways() -> None:
    for line in (Line(after="a"), Line(into="f", way=1)):
        with pytest.raises(Misplaced):
            move_to(DIAMOND, "f", line)


def test_who_came_to_a_step_that_is_taken_out_goes_on_below_it() -> None:
    assert told(take_out(DIAMOND, "b")) == ["f - end", "a", "end"]
    assert told(take_out(DIAMOND, "a")) == ["f - b", "j end", "b", "end"]
    assert told(take_out(DIAMOND, "f")) == ["end"]
    last = made(fork("f", None, "b"), send("a"), send("b"))
    assert ways_through(take_out(last, "b"), ["f"]) == [("f", "a"), ("f",)]


def test_a_copy_stands_below_and_a_copied_fork_has_empty_ways() -> None:
    copied, key = copy_below(DIAMOND, "f")
    assert (key, told(copied)[3:]) == ("branch-1", ["b", "branch-1 - -", "end"])


def test_nobody_comes_to_what_stands_below_an_end() -> None:
    ended, _ = add_on(made(send("a"), send("b")), "exit", Line(after="a"))
    assert reached(ended["steps"]) == {0, 1}


@pytest.mark.parametrize("seed", range(40))
def test_nobody_else_s_way_through_a_journey_changes_whatever_is_done(seed: int) -> None:
    """Random edits on random lines: who does not come by the line goes as before; who does meets the step as well."""
    random, draft = Random(seed), made()
    for _ in range(14):
        kind = random.choice(["send", "wait", "branch", "send", "wait_for"])
        line = random.choice(lines(draft["steps"]))
        forks = [step["key"] for step in draft["steps"] if len(ways_of(step)) == 2][:6]
        before = ways_through(draft, forks)
        added, key = add_on(draft, kind, line)
        after = ways_through(added, forks)
        assert [tuple(one for one in way if one != key) for way in after] == before
        assert any(key in way for way in after) or line.after or line.into
        assert step_problems(added["steps"]) == []
        assert ways_through(take_out(added, key), forks) == before
        draft = added
        moved = random.choice(draft["steps"])["key"]
        try:
            other = move_to(draft, moved, random.choice(lines(draft["steps"])))
        except Misplaced:
            continue
        if step_problems(other["steps"]) == []:
            assert sorted(_kept(other)) == sorted(_kept(draft))
            draft = other


def _kept(draft: Document) -> list[str]:
    return [step["key"] for step in draft["steps"] if kind_of(step) not in ("jump", "exit")]
