"""`guestloop understand`"""

from __future__ import annotations

import argparse
import json
import sys

from services.feedback.understanding import CaseFor, Understood, understand

NAMES = {
    "stop": "an objection",
    "hold": "may be an objection",
    "start": "wants messages again",
    "help": "asks for help",
}


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Read texts from standard input, one a line («⏎» stands for a line's end within one), and say of "
        "each what would be made of it and which of its words that rests on. Nothing is kept or sent."
    )
    known.add_argument("--survey-open", action="store_true", help="a survey waits for the guest's score")
    known.add_argument("--number", default="", metavar="+86…", help="the sender's number: «T» objects in China")
    known.add_argument("--json", action="store_true", help="one JSON object a line")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        found = understand(text, survey_open=given.survey_open, number=given.number or None)
        if given.json:
            print(json.dumps({"text": text, **found.as_json()}, ensure_ascii=False), flush=True)
        else:
            print(f"{text}\n    {sentence(found)}", flush=True)
    return 0


def sentence(found: Understood) -> str:
    said = [name for what, name in NAMES.items() if getattr(found, what)]
    if found.score:
        said.append(f"a score: {found.score.value} of {found.score.scale}")
    if found.asks:
        said.append(f"asked back: {found.asks[0]} or {found.asks[1]}")
    if found.unsure:
        said.append("may be a score: a person decides")
    if found.is_complaint:
        said.append("a complaint" + (", urgent" if found.urgent else ""))
    elif found.case is CaseFor.FOLLOW_UP:
        said.append("a follow-up" + (", urgent" if found.urgent else ""))
    said += [f"{topic.name} ({topic.feeling})" for topic in found.topics]
    words = list(dict.fromkeys(word for each in found.because.values() for word in each))
    rests = f"; rests on «{'», «'.join(words)}»" if words else ""
    return f"{', '.join(said) or found.kind}{rests}"
