"""A list that somebody hands in on a page: read in the letters they name, and refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from shared.errors import InputError, Problem
from shared.table_files.reading import Encoding, Reading
from shared.vocabulary.file_problem import FileProblem

LARGEST = 20 * 1024 * 1024
MISSING, TOO_LARGE = "missing", "too_large"
PROBLEMS: dict[str, Any] = {
    MISSING: _l("Choose a file."),
    TOO_LARGE: _l("The file is larger than 20 MB. Import it in parts."),
}


def handed_in() -> FileStorage:
    """Raises `InputError` where no file was chosen, or one that is too large."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InputError(None, {"file": Problem("no file was chosen", MISSING)})
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size > LARGEST:
        raise InputError(None, {"file": Problem("larger than 20 MB", TOO_LARGE)})
    return upload


def name_of(upload: FileStorage) -> str:
    return (upload.filename or "")[:200] or gettext("a file without a name")


def reading_as_said() -> Reading:
    """By the letters and the table that the form names."""
    letters = request.form.get("encoding")
    return Reading(
        encoding=Encoding(letters) if letters in set(Encoding) else None, sheet=request.form.get("sheet") or None
    )


def problem_words(error: InputError, own: Mapping[str, Any]) -> str:
    """`own`: what this kind of list says of a problem by its code."""
    problem = next((one for one in error.problems.values() if isinstance(one, Problem)), None)
    if problem is None:
        return str(error)
    told = {**PROBLEMS, **own}
    return str(told.get(problem.code) or gettext(FileProblem(problem.code).label))
