"""`guestloop understand` reads texts, a line each, and says what would be made of them."""

from __future__ import annotations

import io
import json

import pytest

from guestloop.cli import main

TEXTS = "9, but noisy\nSTOP ⏎ Sent from my iPhone\nWho gave you my number?\nT\n\n房间很干净\n"


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(TEXTS))
    assert main(["understand", *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_it_answers_a_json_object_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        json.loads(line) for line in told(monkeypatch, capsys, "--survey-open", "--json", "--number", "+8613800138000")
    ]
    score, stop, hold, letter, empty, praise = lines
    assert (score["score"], score["scale"], score["case"]) == (9, 10, "none")
    assert (stop["stop"], hold["hold"], hold["case"], letter["stop"]) == (True, True, "stop_question", True)
    assert (empty["kind"], empty["language"]) == ("empty", None)
    assert (praise["language"], praise["sentiment"], praise["topics"]) == ("zh", "positive", ["cleanliness", "room"])
    for line in lines:
        assert line.keys() >= {"score", "scale", "stop", "hold", "start", "case", "language", "topics", "sentiment"}
    assert hold["because"] == {"hold": ["Who gave you my number"]}


def test_it_says_the_same_to_people(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = "\n".join(told(monkeypatch, capsys))
    assert "may be an objection" in said and "rests on «Who gave you my number»" in said
