"""A page of a survey as a browser sends it. Nothing of it is believed: a field that is not asked is not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from services.feedback.commands.surveys.filling import Filled
from services.feedback.rules.asking.questionnaires import RANGES, Question, QuestionKind, Value
from services.feedback.schemas import LONGEST_WORDS
from shared.errors import InputError, Problem
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled


@dataclass(kw_only=True)
class Read:
    """`problems`: by question, a key of the guest's texts; `typed`: words as they stand in the form."""

    values: dict[str, Value] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> Filled:
        return Filled(values=self.values, words=self.words, pictures=self.pictures, emptied=frozenset(self.emptied))


def read_page(questions: Sequence[Question], form: MultiDict[str, str], files: Mapping[str, FileStorage]) -> Read:
    """What is right of it; and by question what is not. A picture is made small here, in a process of its own."""
    read = Read()
    for one in questions:
        if one.kind is QuestionKind.TEXT:
            _read_words(one, form, read)
        elif one.kind is QuestionKind.CHOICE:
            _read_choice(one, form, read)
        elif one.kind is QuestionKind.PICTURE:
            _read_picture(one, files, read)
        else:
            _read_numbers(one, form, read)
    return read


def _read_words(one: Question, form: MultiDict[str, str], read: Read) -> None:
    text = form.get(one.code, "").strip()
    read.typed[one.code] = text
    if len(text) > LONGEST_WORDS:
        read.problems[one.code] = "too_long"
    elif text:
        read.words[one.code] = text


def _read_choice(one: Question, form: MultiDict[str, str], read: Read) -> None:
    chosen = tuple(option.code for option in one.options if option.code in form.getlist(one.code))
    if not chosen:
        if one.several and f"{one.code}.asked" in form:
            read.emptied.add(one.code)
        return
    read.values[one.code] = Value(choices=chosen if one.several else chosen[:1])


def _read_numbers(one: Question, form: MultiDict[str, str], read: Read) -> None:
    for name in one.fields:
        text = form.get(name, "")
        if not text:
            continue
        if text.isascii() and text.isdecimal() and len(text) < 3 and int(text) in RANGES[one.kind]:
            read.values[name] = Value(number=int(text))
        else:
            read.problems[one.code] = "choose_one"


def _read_picture(one: Question, files: Mapping[str, FileStorage], read: Read) -> None:
    upload = files.get(one.code)
    if upload is None or not upload.filename:
        return
    try:
        read.pictures[one.code] = scaled(upload.read(LARGEST_FILE + 1))
    except InputError as error:
        problem = error.problems["picture"]
        code = problem.code if isinstance(problem, Problem) else ""
        read.problems[one.code] = "picture_large" if code in ("too_large", "too_many_pixels") else "no_picture"
