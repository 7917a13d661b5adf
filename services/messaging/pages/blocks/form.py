"""The list of blocks as a plain form: what was typed where, and one change of the list by a button.

`shape` is the body as the page was drawn, in JSON; «at:/2/heading/text» what was typed at that place of it. A button
says what is to be done: «up /2», «down /2», «remove /2», «double /2», «add /2 heading» (after it), «source /2» (it is
written as source from now on), «all-source» (all of them).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from werkzeug.datastructures import MultiDict

from services.messaging.channels.email.written_as_source import as_source, whole_as_source
from services.messaging.pages.blocks.kinds import KINDS, WHOLE_ROWS, Entry, Field, field_of
from services.messaging.wording.conditions import COMPARISONS
from services.messaging.wording.values import COMPARED, ValueKind

AT = "at:"
Body = list[Any]


def typed_blocks(form: MultiDict[str, str], saved: Sequence[Any] = ()) -> str | None:
    """The body as it was typed without a script, in JSON; None where the form holds no list of blocks. A script sends
    its own list, to which only what a button says is done. `saved`: the blocks that «saved /2 …» puts there."""
    try:
        body = json.loads(form.get("blocks") or form.get("shape") or "")
    except ValueError:
        return None
    if not isinstance(body, list) or (form.get("blocks") and not form.get("do")):
        return None
    for name in form:
        if name.startswith(f"{AT}/"):
            _enter(body, name.removeprefix(f"{AT}/").split("/"), form.getlist(name))
    _drop_empty_conditions(body)
    act(body, form.get("do", ""), saved)
    return json.dumps(body, ensure_ascii=False)


def _enter(body: Body, path: list[str], typed: list[str]) -> None:
    """A place that the shape does not have is passed over."""
    *above, last = path
    if "when" in above:
        return _enter_condition(body, path, typed)
    if (place := _at(body, above)) is None:
        return None
    if isinstance(place, list):  # a bare text
        if last.isdecimal() and int(last) < len(place) and isinstance(place[int(last)], str):
            place[int(last)] = typed[-1].replace("\r\n", "\n")
        return None
    if isinstance(place, dict) and (field := field_of(above[-1], last)):
        place[last] = _value(field, typed, place.get(last))
        if field.entry is Entry.LINK and not place[last]:
            del place[last]
    return None


def _value(field: Field, typed: list[str], was: Any) -> Any:
    text = typed[-1].replace("\r\n", "\n").strip()
    match field.entry:
        case Entry.NUMBER:
            return int(text) if text.isdecimal() and len(text) < 6 else was
        case Entry.CHOICE:
            return next((value for value, _ in field.choices if str(value) == text), was)
        case Entry.TICKS:
            return [value for value, _ in field.choices if value in typed]
        case Entry.PLACES:
            return [_place(line) for line in text.splitlines() if line.strip()]
        case Entry.COLUMNS:
            return was
        case Entry.LINE | Entry.RICH | Entry.WORDS | Entry.LINK | Entry.PICTURE | Entry.SOURCE:
            return text


def _place(line: str) -> dict[str, str]:
    name, _, link = line.strip().rpartition(" ")
    return {"name": name.strip(), "link": link}


def _enter_condition(body: Body, path: list[str], typed: list[str]) -> None:
    """`path`: of a block, «when», the number of the condition, and which part of it."""
    *block_at, _, number, part = path if len(path) >= 4 else ("", "", "", "")
    block = _at(body, block_at)
    if not isinstance(block, dict) or part not in ("of", "is", "to") or not number.isdecimal():
        return
    conditions = block.setdefault("when", [])
    if isinstance(conditions, list) and int(number) <= len(conditions) < 20:
        if int(number) == len(conditions):
            conditions.append({})
        conditions[int(number)][part] = typed[-1].strip()


def _drop_empty_conditions(body: Body) -> None:
    for block in body:
        if isinstance(block, dict) and isinstance(block.get("when"), list):
            whole = [_condition(one) for one in block["when"] if isinstance(one, dict) and one.get("of") in COMPARED]
            block["when"] = whole
            if not whole:
                del block["when"]


def _condition(typed: Mapping[str, Any]) -> dict[str, Any]:
    """As a document holds it: words, a number, or nothing to compare with."""
    kind = COMPARED[typed["of"]]
    comparison, to = str(typed.get("is", "")), typed.get("to", "")
    if comparison not in COMPARISONS[kind]:
        comparison = str(COMPARISONS[kind][0])
    found = {"of": typed["of"], "is": comparison}
    if comparison in ("known", "unknown"):
        return found
    if kind is ValueKind.NUMBER:
        return found | {"to": int(to) if str(to).isdecimal() else to}
    words = to if isinstance(to, list) else [word.strip() for word in str(to).split(",")]
    return found | {"to": [word for word in words if word]}


def act(body: Body, do: str, saved: Sequence[Any] = ()) -> None:
    """One change of the list. What names a place that is not there changes nothing."""
    verb, _, rest = do.partition(" ")
    place, _, kind = rest.partition(" ")
    *above, last = place.strip("/").split("/")
    blocks = _at(body, above)
    if verb == "all-source":
        body[:] = whole_as_source(body)
        return
    if not isinstance(blocks, list) or not (last.isdecimal() or last == "-"):
        return
    number = int(last) if last != "-" else -1  # «-»: before the first
    is_there = 0 <= number < len(blocks)
    match verb:
        case "up" if is_there and number > 0:
            blocks.insert(number - 1, blocks.pop(number))
        case "down" if is_there and number < len(blocks) - 1:
            blocks.insert(number + 1, blocks.pop(number))
        case "remove" if is_there:
            del blocks[number]
        case "double" if is_there:
            blocks.insert(number + 1, deepcopy(blocks[number]))
        case "add" if (number == -1 or is_there) and kind in KINDS and not (above and kind in WHOLE_ROWS):
            blocks.insert(number + 1, {kind: deepcopy(dict(KINDS[kind].begins))})
        case "saved" if (number == -1 or is_there) and not above:
            blocks[number + 1 : number + 1] = deepcopy(list(saved))
        case "source" if is_there and not above and (text := as_source(blocks[number])):
            old = blocks[number]
            when = {"when": old["when"]} if isinstance(old, dict) and "when" in old else {}
            blocks[number] = {"source": {"text": text}, **when}
        case _:
            pass


def _at(body: Any, path: list[str]) -> Any:
    """What lies at this place; None where there is nothing."""
    found = body
    for part in path:
        if part == "":
            continue
        if isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return None
    return found
