"""A journey in words: each part of its document as a sentence, whole in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import dates, lists
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.campaigns.rules.document import WEEKDAYS, Document
from services.campaigns.rules.drafting import kind_of
from shared.web.i18n.languages import locale

Names = Mapping[str, str]  # of segments and templates, by key

STATES = {
    "draft": (_l("draft"), "plain", "pencil"),
    "live": (_l("live"), "good", "play"),
    "paused": (_l("paused"), "look", "pause"),
    "taken_back": (_l("launch taken back"), "plain", "pencil"),
    "ended": (_l("ended"), "plain", "stop"),
}
PURPOSES = {
    "marketing": _l("Marketing: needs the guest's consent"),
    "feedback": _l("Feedback: asks how the stay was"),
    "stay_service": _l("Stay service: what a guest needs for this stay"),
}
RE_ENTRIES = {
    "each_occurrence": _l("Again at each occasion"),
    "once": _l("Once in a lifetime"),
}
KINDS = {
    "send": _l("Message"),
    "wait": _l("Wait"),
    "wait_until": _l("Wait until an hour"),
    "branch": _l("Fork"),
    "exit": _l("End"),
}
ENTRIES = {
    "entered": _l("A guest comes into a segment"),
    "left": _l("A guest leaves a segment"),
    "date": _l("A birthday comes near"),
    "stay": _l("Something happens to a stay"),
}
STAYS = {
    "booked": _l("a stay is booked"),
    "checked_in": _l("a guest checks in"),
    "checked_out": _l("a guest checks out"),
    "cancelled": _l("a stay is cancelled"),
    "no_show": _l("a guest does not show up"),
}
EVENTS = {
    "stay.booked": _l("the guest books a stay"),
    "stay.changed": _l("a stay of the guest changes"),
    "stay.cancelled": _l("the guest cancels a stay"),
    "stay.checked_in": _l("the guest checks in"),
    "stay.checked_out": _l("the guest checks out"),
    "stay.no_show": _l("the guest does not show up"),
    "stay.reinstated": _l("a cancelled stay stands again"),
    "survey.answered": _l("the guest answers a survey"),
    "case.opened": _l("a follow-up or complaint is opened"),
    "case.closed": _l("a follow-up or complaint is closed"),
}
CAUSES = {
    "time": _l("time passed"),
    "stay.booked": _l("a booking"),
    "stay.checked_out": _l("a check-out"),
    "stay.cancelled": _l("a cancelled stay"),
    "stay.no_show": _l("a stay the guest did not show up for"),
    "guest.changed": _l("a change in the guest's details"),
    "initial": _l("having been inside before the launch"),
}
WANTS = {
    "no_future_booking": _l("Not to guests who have a booking"),
    "in_house": _l("Also to guests who are in house"),
    "absence": _l("Not while the hotel's data is out of date"),
    "once_a_household": _l("Once a household"),
}
CHANNELS = {"email": _l("e-mail"), "sms": _l("text message")}


def entry_words(entry: Document, names: Names) -> str:
    if "stay" in entry:
        return str(gettext("When %(this)s", this=STAYS.get(entry["stay"], entry["stay"])))
    if "date" in entry:
        return _birthday_words(entry["offset_days"])
    segment = segment_words(entry.get("audience", ""), names)
    if entry.get("when") == "left":
        return str(gettext("When a guest leaves %(segment)s", segment=segment))
    return str(gettext("When a guest comes into %(segment)s", segment=segment))


def _birthday_words(offset: Any) -> str:
    if not isinstance(offset, int):
        return str(gettext("When a birthday comes near"))
    if offset == 0:
        return str(gettext("On a guest's birthday"))
    if offset < 0:
        return str(ngettext("%(num)d day before a guest's birthday", "%(num)d days before a guest's birthday", -offset))
    return str(ngettext("%(num)d day after a guest's birthday", "%(num)d days after a guest's birthday", offset))


def segment_words(key: str, names: Names) -> str:
    return str(gettext("«%(name)s»", name=names.get(key, key))) if key else gettext("a segment")


def exit_words(exit_: Document) -> str:
    if "audience" in exit_:
        return str(gettext("The guest leaves the segment by which she entered"))
    if "stay" in exit_:
        return str(stay_exit_words(exit_["stay"]))
    return str(gettext("When %(this)s", this=EVENTS.get(exit_["event"], exit_["event"])))


def stay_exit_words(turn: str) -> str:
    if turn == "undone":
        return str(gettext("The stay turns out not to have happened"))
    return str(gettext("Of that stay: %(this)s", this=STAYS.get(turn, turn)))


def goal_words(goal: Document | None) -> str:
    if goal is None:
        return str(gettext("No goal"))
    days = length({"days": goal["within_days"]})
    return str(gettext("The guest books within %(days)s of a message", days=days))


def length(parts: Mapping[str, Any]) -> str:
    """«14 days», «2 hours and 30 minutes»."""
    days, hours, minutes = (parts.get(name, 0) for name in ("days", "hours", "minutes"))
    said = []
    if isinstance(days, int) and days:
        said.append(ngettext("%(num)d day", "%(num)d days", days))
    if isinstance(hours, int) and hours:
        said.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if isinstance(minutes, int) and minutes:
        said.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return str(lists.format_list(said, locale=locale())) if said else "–"


def step_words(step: Document, names: Names) -> str:
    """What the step does, in one line."""
    content = step[kind_of(step)]
    return str(WORDS[kind_of(step)](content, names))


def _send(send: Document, names: Names) -> str:
    if not send["template"]:
        return gettext("A message that is not chosen yet")
    return names.get(send["template"], send["template"])


def channels_words(channels: list[str]) -> str:
    known = [str(CHANNELS.get(channel, channel)) for channel in channels]
    if len(known) == 2:
        return str(gettext("By %(first)s, else by %(second)s", first=known[0], second=known[1]))
    return str(gettext("By %(first)s", first=known[0])) if known else str(gettext("By no channel yet"))


def _wait(wait: Document, _names: Names) -> str:
    return gettext("%(length)s later", length=length(wait))


def _wait_until(until: Document, _names: Names) -> str:
    days = [weekday(day) for day in until["weekdays"]]
    if days and len(days) < 7:
        found = lists.format_list(days, style="or", locale=locale())
        return gettext("Until %(hour)s on %(days)s", hour=until["hour"], days=found)
    if until["strictly_after"]:
        return gettext("Until the next %(hour)s", hour=until["hour"])
    return gettext("Until %(hour)s", hour=until["hour"])


def weekday(name: str) -> str:
    return str(dates.get_day_names("wide", locale=locale())[WEEKDAYS.index(name)])


def _branch(branch: Document, names: Names) -> str:
    return condition_words(branch["if"], names)


def condition_words(condition: Document, names: Names) -> str:
    if "audience" in condition:
        segment = segment_words(condition["audience"], names)
        return str(gettext("Is the guest in %(segment)s?", segment=segment))
    if "event" in condition:
        happening = EVENTS.get(condition["event"], condition["event"])
        return str(gettext("Since the start: %(happening)s?", happening=happening))
    if condition["data"] == "cause":
        causes = [str(CAUSES.get(value, value)) for value in condition["in"]]
        said = lists.format_list(causes, style="or", locale=locale()) if causes else "–"
        return str(gettext("Was it %(causes)s that brought the guest in?", causes=said))
    said = lists.format_list(condition["in"], style="or", locale=locale()) if condition["in"] else "–"
    return str(gettext("Is «%(field)s» one of %(values)s?", field=condition["data"], values=said))


def _exit(end: Document, _names: Names) -> str:
    return gettext("The journey ends: %(reason)s", reason=end["reason"])


WORDS = {"send": _send, "wait": _wait, "wait_until": _wait_until, "branch": _branch, "exit": _exit}
