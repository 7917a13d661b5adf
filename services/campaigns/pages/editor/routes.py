"""The editor: a journey put together by plain forms. Each change is saved at once; publishing makes a version of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.campaigns.commands.calendars import holiday_names
from services.campaigns.commands.drafts import change_draft, discard_draft, publish_draft
from services.campaigns.pages.editor.view import EditorView, editor_view
from services.campaigns.pages.neighbours import Choices, choices
from services.campaigns.pages.sentences import calendars, dates, dates_of_guests, goals, settings
from services.campaigns.pages.sentences.events import STAYS, event_choices
from services.campaigns.pages.steps import VIEWS, sentence, step_in
from services.campaigns.rules import drafting
from services.campaigns.schemas import forms, validated
from services.campaigns.schemas.goals import MOST_FURTHER
from services.campaigns.schemas.settings import settings_in
from services.campaigns.steps import kind_of
from services.campaigns.steps.early_exits import TURNS, TURNS_OF_DATED
from services.campaigns.steps.fields import KEY
from services.campaigns.steps.kind import Document
from services.campaigns.store import drafts
from shared.access.audit import record
from shared.access.people import May
from shared.errors import Conflict, InputError
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.i18n.shipped_names import kept_name
from shared.web.site import here

found = Blueprint("campaigns_editor", __name__, url_prefix="/campaigns/journeys/<key>/edit")
READERS: dict[str, Callable[[forms.Form], Document]] = {
    "settings": settings_in,
    "entry": lambda form: {"entry": forms.entry_in(form)},
    "exits": lambda form: {"exits": forms.exits_in(form)},
}
OPTIONAL = ("again_after_days", "room", "not_while", "further_goals")
WAYS = {"up": -1, "down": 1}


@found.app_context_processor
def _context() -> dict[str, Any]:
    return {
        "VIEWS": VIEWS,
        "ENTRIES": settings.ENTRIES,
        "COMPARED": settings.COMPARED,
        "NOT_WHILE": settings.NOT_WHILE,
        "DATES_OF_GUESTS": dates_of_guests.DATES_OF_GUESTS,
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
    return _changed(key, lambda draft: _named({**draft, **read}, draft["name"]), part=part, opened=part)


def _named(draft: Document, before: str) -> Document:
    """What a journey need not have is left out of its document."""
    kept = {name: value for name, value in draft.items() if name not in OPTIONAL or value is not None}
    return {**kept, "name": kept_name(draft["name"], before)}


@found.post("/steps")
@needs(May.CONFIGURE)
def add(key: str) -> Response:
    made: list[str] = []

    def with_step(draft: Document) -> Document:
        changed, step = drafting.add_step(draft, request.form.get("kind", ""), request.form.get("after") or None)
        made.append(step)
        return changed

    return _changed(key, with_step, opened=made)


@found.post("/steps/<step>")
@needs(May.CONFIGURE)
def change_step(key: str, step: str) -> Response:
    name = request.form.get("key", step).strip()

    def with_content(draft: Document) -> Document:
        kind = kind_of(draft["steps"][drafting.place_of(draft, step)])
        changed = drafting.change_step(draft, step, step_in(kind, _form()))
        return _renamed(changed, step, name)

    return _changed(key, with_content, part=step, opened=name if KEY.fullmatch(name) else step)


def _form() -> forms.Form:
    return forms.Form(request.form.to_dict(flat=False))


def _renamed(draft: Document, step: str, name: str) -> Document:
    """The rest of what was typed is kept where the name cannot be had."""
    try:
        return drafting.rename_step(draft, step, name)
    except InputError:
        flash(gettext("«%(name)s» cannot be a short name here: it stays «%(old)s».", name=name, old=step), "problem")
        return draft


@found.post("/steps/<step>/place")
@needs(May.CONFIGURE)
def move(key: str, step: str) -> Response:
    by = WAYS.get(request.form.get("way", ""), 0)
    return _changed(key, lambda draft: drafting.move_step(draft, step, by), opened=step)


@found.post("/steps/<step>/removal")
@needs(May.CONFIGURE)
def remove(key: str, step: str) -> Response:
    return _changed(key, lambda draft: drafting.remove_step(draft, step))


@found.post("/discard")
@needs(May.CONFIGURE)
def discard(key: str) -> Response:
    with here().transaction() as tx:
        discard_draft(tx, key)
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


def _changed(
    key: str, change: Callable[[Document], Document], *, part: str = "", opened: str | list[str] | None = None
) -> Response:
    """Save the change; then the editor, or what changed of it where htmx asks for that alone."""
    fragment, seen = is_fragment(), request.form.get("seen", "")
    known = choices() if fragment else Choices()

    def unless_changed(draft: Document) -> Document:
        drafting.unless_overtaken(draft, part, seen)
        return change(draft)

    try:
        with here().transaction() as tx:
            change_draft(tx, key, unless_changed, here().now(), me().name)
            chosen = opened[0] if isinstance(opened, list) else opened
            view = editor_view(tx, key, known, chosen) if fragment else None
    except drafting.Overtaken:
        return _overtaken(key, change, part)
    if view is not None:
        part = "_editor.html" if request.headers.get("HX-Target") == "editor" else "_saved.html"
        return make_response(render_template(part, editor=view))
    return redirect(url_for("campaigns_editor.edit", key=key, open=chosen, _anchor=f"part-{chosen}"), 303)


def _overtaken(key: str, change: Callable[[Document], Document], part: str) -> Response:
    """What was typed stands in its part; saved once more, it replaces what the other wrote."""
    known = choices()
    with here().transaction() as tx:
        view = editor_view(tx, key, known, part)
    flash(
        gettext(
            "Somebody else changed this part meanwhile. What you typed stands below and is not saved yet: "
            "save it once more to replace theirs, or load the page again to see theirs."
        ),
        "problem",
    )
    typed = replace(view, draft=change(view.draft))
    if not is_fragment():
        return make_response(render_template("journey_edit.html", editor=typed), 409)
    answer = make_response(render_template("_editor.html", editor=typed))  # htmx shows nothing of an error
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#editor", "innerHTML"
    return answer
