"""The editor: a journey put together by plain forms. Each change is saved at once; publishing makes a version of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.campaigns.commands.calendars import holiday_names
from services.campaigns.commands.drafts import discard_draft, publish_draft
from services.campaigns.pages.editor.changing import changed
from services.campaigns.pages.editor.view import EditorView, editor_view
from services.campaigns.pages.neighbours import choices
from services.campaigns.pages.sentences import calendars, dates, goals, happenings, settings, warnings
from services.campaigns.pages.sentences.events import STAYS, event_choices
from services.campaigns.pages.steps import VIEWS, sentence, step_in
from services.campaigns.rules import drafting
from services.campaigns.schemas import forms, validated
from services.campaigns.schemas.goals import MOST_FURTHER
from services.campaigns.schemas.journey import LONGEST_NOTE
from services.campaigns.schemas.settings import settings_in
from services.campaigns.steps import kind_of
from services.campaigns.steps.anchors import OF_STAYS
from services.campaigns.steps.early_exits import TURNS, TURNS_OF_DATED
from services.campaigns.steps.fields import KEY
from services.campaigns.steps.happening_entry import ASKED
from services.campaigns.steps.kind import Document
from services.campaigns.store import drafts
from shared.access.audit import record
from shared.access.people import May
from shared.errors import Conflict, InputError
from shared.vocabulary.case import CaseKind
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import me, needs
from shared.web.i18n.labels import labels
from shared.web.i18n.shipped_names import kept_name
from shared.web.site import here

found = Blueprint("campaigns_editor", __name__, url_prefix="/campaigns/journeys/<key>/edit")
READERS: dict[str, Callable[[forms.Form], Document]] = {
    "settings": settings_in,
    "entry": lambda form: {"entry": forms.entry_in(form)},
    "exits": lambda form: {"exits": forms.exits_in(form)},
}
OPTIONAL = ("again_after_days", "room", "not_while", "further_goals")


@found.app_context_processor
def _context() -> dict[str, Any]:
    return {
        "VIEWS": VIEWS,
        "ENTRIES": settings.ENTRIES,
        "COMPARED": settings.COMPARED,
        "NOT_WHILE": settings.NOT_WHILE,
        "WARNED_OF": warnings.SUBJECTS,
        "HAPPENINGS": happenings.HAPPENINGS,
        "HAPPENING_ASKS": ASKED,
        "CASE_KINDS": labels(CaseKind),
        "CONTENT": happenings.CONTENT,
        "TOPICS": labels(TopicLabel),
        "FEELINGS": happenings.FEELINGS,
        "dates_of_guests": _dates_of_guests,
        "entry_kind_of": settings.entry_kind,
        "dates": dates,
        "calendars": calendars,
        "holiday_names": _holiday_names,
        "STAYS": STAYS,
        "kind_of": kind_of,
        "sentence": sentence,
        "exits_words": exits_words,
        "exit_choices": exit_choices,
        "exits_chosen": exits_chosen,
        "goal_choices": goals.goal_choices,
        "MOST_GOALS": MOST_FURTHER + 1,
        "reshapes": reshapes,
    }


def _dates_of_guests(editor: EditorView, entry: Document) -> list[tuple[str, Any]]:
    of_stays = {str(anchor) for anchor in OF_STAYS}
    every = dates.choices_of(editor.dates, str(entry.get("date", "")))
    return [(name, text) for name, text in every if name not in of_stays]


def _holiday_names(country: str) -> list[str]:
    return holiday_names(country, here().now().year) if country else []


def reshapes(url: str) -> dict[str, str]:
    """Of a choice on which the form's other fields depend: the whole editor is drawn anew."""
    return {
        "hx-post": url,
        "hx-trigger": "change consume",
        "hx-include": "closest form",
        "hx-target": "#editor",
        "hx-swap": "innerHTML",
    }


def exits_words(draft: Document) -> str:
    return "; ".join(settings.exit_words(exit_) for exit_ in draft["exits"]) or gettext("nothing")


def exit_choices(editor: EditorView) -> list[tuple[str, str]]:
    """The exits this entry can have, and those chosen that it cannot."""
    draft, wanted = editor.draft, []
    entry = draft["entry"]
    if entry.get("when") == "entered":
        wanted.append({"audience": "left"})
    if "stay" in entry:
        wanted.extend({"stay": turn} for turn in TURNS if turn != entry["stay"])
    if "stay_date" in entry:
        wanted.extend({"stay": turn} for turn in TURNS_OF_DATED)
    wanted.extend({"event": event} for event, _ in event_choices(editor))
    wanted.extend(exit_ for exit_ in draft["exits"] if exit_ not in wanted)
    return [(_box(exit_), settings.exit_words(exit_)) for exit_ in wanted]


def exits_chosen(draft: Document) -> set[str]:
    return {_box(exit_) for exit_ in draft["exits"]}


def _box(exit_: Document) -> str:
    (pair,) = exit_.items()
    return "=".join(pair)


@found.get("")
@needs(May.CONFIGURE)
def edit(key: str) -> str:
    known = choices()
    with here().transaction() as tx:
        view = editor_view(tx, key, known, request.args.get("open"))
    return render_template("journey_edit.html", editor=view)


@found.post("/<any(settings, entry, exits):part>")
@needs(May.CONFIGURE)
def change(key: str, part: str) -> Response:
    read = READERS[part](_form())
    return changed(key, lambda draft: _named({**draft, **read}, draft["name"]), part=part, opened=part)


def _named(draft: Document, before: str) -> Document:
    """What a journey need not have is left out of its document."""
    kept = {name: value for name, value in draft.items() if name not in OPTIONAL or value is not None}
    return {**kept, "name": kept_name(draft["name"], before)}


@found.post("/steps/<step>")
@needs(May.CONFIGURE)
def change_step(key: str, step: str) -> Response:
    name = request.form.get("key", step).strip()

    def with_content(draft: Document) -> Document:
        kind = kind_of(draft["steps"][drafting.place_of(draft, step)])
        form = _form()
        note = {"note": form.get("note").strip()[:LONGEST_NOTE]} if "note" in form.values else {}
        return _renamed(drafting.change_step(draft, step, {**step_in(kind, form), **note}), step, name)

    return changed(key, with_content, part=step, opened=name if KEY.fullmatch(name) else step)


def _form() -> forms.Form:
    return forms.Form(request.form.to_dict(flat=False))


def _renamed(draft: Document, step: str, name: str) -> Document:
    """The rest of what was typed is kept where the name cannot be had."""
    try:
        return drafting.rename_step(draft, step, name)
    except InputError:
        flash(gettext("«%(name)s» cannot be a short name here: it stays «%(old)s».", name=name, old=step), "problem")
        return draft


@found.post("/discard")
@needs(May.CONFIGURE)
def discard(key: str) -> Response:
    with here().transaction() as tx:
        discard_draft(tx, key, here().now(), me().name)
        record(tx, me(), "journey.draft_discarded", f"journey {key}", {}, here().now())
    flash(gettext("The draft is discarded: this is what was published last."))
    return redirect(url_for("campaigns_journeys.journey", key=key), 303)


@found.post("/publication")
@needs(May.CONFIGURE)
def publish(key: str) -> Response | tuple[str, int]:
    now, known = here().now(), choices()
    with here().transaction() as tx:
        draft = drafts.find(tx, key)
        if draft is None or str(draft.revision) != request.form.get("revision"):
            raise Conflict(gettext("The draft has changed meanwhile. Check it again before you publish it."))
        view = editor_view(tx, key, known)
        if view.problems:
            return render_template("journey_edit.html", editor=view), 422
        version = publish_draft(tx, validated(draft.document), draft.revision, now, me().name)
        record(tx, me(), "journey.published", f"journey {key}", {"version": version}, now)
    flash(_published_words(version, view.waiting))
    return redirect(url_for("campaigns_journeys.journey", key=key), 303)


def _published_words(version: int, waiting: int) -> str:
    if not waiting:
        return str(gettext("Version %(version)d is published.", version=version))
    return str(
        ngettext(
            "Version %(version)d is published; %(num)d guest finishes in the version they entered.",
            "Version %(version)d is published; %(num)d guests finish in the version they entered.",
            waiting,
            version=version,
        )
    )
