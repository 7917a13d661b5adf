"""What is to be done, by when, and by whom? Tasks that staff give one another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.staff.tasks import make_task, tick_task, untick_task
from services.feedback.pages import labels
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import form_with_problems, visible_case
from services.feedback.pages.guest_words import opened
from services.feedback.pages.places import place_in, place_of
from services.feedback.pages.staff.hotels import asked_hotel, staff_of
from services.feedback.queries import guests
from services.feedback.queries.care import tasks as queries
from services.feedback.rules.redaction import redacted
from services.feedback.schemas import TaskForm, read
from services.feedback.store.care.terms import care_of, cares_of
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.localtime import local_instant, zone_named
from shared.vocabulary.task import TaskOutcome
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.site import here

TASKS = Blueprint("feedback_tasks", __name__, url_prefix="/feedback/tasks")
VIEWS = ("open", "mine", "done")


class NoTask(NotFound):
    """There is no such task here."""


@TASKS.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    asked = _filter()
    with here().transaction() as tx:
        return _page(tx, asked)


@TASKS.get("/new")
@needs(May.CARE)
def new() -> str:
    with here().transaction() as tx:
        hotel, about = asked_hotel(), _about(tx, request.args)
        soon = (here().now() + timedelta(hours=2)).astimezone(zone_named(hotel.zone))
        typed = {"id": str(uuid4()), "due": f"{soon:%Y-%m-%dT%H:00}", **about}
        return _form(tx, hotel, typed, {})


@TASKS.post("")
@needs(May.CARE)
def make() -> Response:
    values, problems = read(TaskForm(), request.form)
    hotel, now = asked_hotel(), here().now()
    with here().transaction() as tx:
        about = _about(tx, request.form)
        problems = problems or _wrong(tx, hotel, values)
        if problems:
            return form_with_problems(_form(tx, hotel, request.form, problems))
        due_at = local_instant(values["due"].date(), values["due"].time(), hotel.zone)
        if make_task(tx, {**values, "guest": about.get("guest") and UUID(about["guest"])}, due_at, now, by=me().name):
            record(tx, me(), "task.made", f"task {values['id']}", {"hotel": hotel.code}, now)
    flash(gettext("The task is on the list."))
    return redirect(f"/feedback/cases/{values['case']}" if values["case"] else "/feedback/tasks", 303)


@TASKS.post("/<uuid:task_id>/done")
@needs(May.CARE)
def tick(task_id: UUID) -> Response:
    """`outcome`: of `TaskOutcome`; done, where none is named."""
    now, outcome = here().now(), _outcome(request.form.get("outcome", TaskOutcome.DONE))
    with here().transaction() as tx:
        task = _visible(tx, task_id)
        if tick_task(tx, task_id, now, by=me().name, outcome=outcome):
            record(tx, me(), "task.done", f"task {task_id}", {"outcome": outcome}, now)
    flash(gettext("Done."))
    return _back(task)


@TASKS.post("/<uuid:task_id>/undone")
@needs(May.CARE)
def untick(task_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        task = _visible(tx, task_id)
        if untick_task(tx, task_id, now):
            record(tx, me(), "task.undone", f"task {task_id}", {}, now)
    return _back(task)


def _outcome(named: str) -> TaskOutcome:
    if named not in set(map(str, TaskOutcome)):
        raise InputError(problems={"outcome": gettext("Say how the task ended.")})
    return TaskOutcome(named)


def _back(task: queries.TaskLine) -> Response:
    to_case = request.form.get("back") == "case" and task.case_id
    return redirect(f"/feedback/cases/{task.case_id}" if to_case else "/feedback/tasks", 303)


def _visible(tx: Tx, task_id: UUID) -> queries.TaskLine:
    found = queries.task(tx, task_id, me().scope)
    if found is None:
        raise NoTask()
    return found


def _wrong(tx: Tx, hotel: Hotel, values: Mapping[str, Any]) -> dict[str, str]:
    if values["department"] is None and values["owner"] is None:
        return {"department": "whose"}
    care = care_of(tx, hotel.code)
    if values["department"] and values["department"] not in care.every("department"):
        return {"department": "whose"}
    if values["owner"] and values["owner"] not in {one.person_id for one in staff_of(tx, hotel.code)}:
        return {"owner": "whose"}
    return {}


def _about(tx: Tx, given: Mapping[str, str]) -> dict[str, str]:
    """The guest and the case a task is about, where this person may see them. Raises `NotFound`."""
    about: dict[str, str] = {}
    try:
        if given.get("case"):
            case = visible_case(tx, UUID(given["case"]))
            about |= {"case": str(case.case_id), "guest": str(case.guest_id)}
        elif given.get("guest"):
            if guests.guest(tx, UUID(given["guest"]), me().scope) is None:
                raise NoTask()
            about["guest"] = given["guest"]
    except ValueError:
        raise NoTask() from None
    return about


def _filter() -> queries.TaskFilter:
    view = request.args.get("view", "open")
    return queries.TaskFilter(
        view=view if view in VIEWS else "open",
        department=request.args.get("department", "")[:40],
        scope=scope(),
        me=me().person_id,
        after=place_in(request.args.get("after", "")),
    )


def _page(tx: Tx, asked: queries.TaskFilter) -> str:
    found, now = queries.tasks(tx, asked), here().now()
    page, more = found[: queries.A_PAGE], found[queries.A_PAGE :]
    cares = cares_of(tx, {hotel.code for hotel in my_hotels()})
    return render_template(
        "tasks.html",
        tasks=page,
        counts=queries.counts(tx, asked.scope, me().person_id, now),
        asked=asked,
        next=_key(page[-1]) if more else "",
        cares=cares,
        departments=told.departments(cares),
        now=now,
        title_of=title_of,
        labels=labels,
        told=told,
        outcomes=labels.outcomes_of_tasks(),
    )


def title_of(task: queries.TaskLine) -> str:
    """A task is in the words of the house; whoever may see no contacts reads it without them."""
    text = opened(task.title_sealed)
    return text if me().may(May.SEE_CONTACTS) else redacted(text)


def _form(tx: Tx, hotel: Hotel, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    return render_template(
        "task_new.html",
        at=hotel,
        houses=[(one.code, one.name) for one in my_hotels()],
        departments=told.choices(care_of(tx, hotel.code), "department"),
        staff=told.people(staff_of(tx, hotel.code)),
        typed=typed,
        problems=problems,
    )


def _key(line: queries.TaskLine) -> str:
    return place_of(line.done_at or line.due_at, line.task_id)
