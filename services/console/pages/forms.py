"""Shared by pages with forms: the form as sent, its problems in the reader's language, the next page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext

from shared.errors import InputError


def sent(*lists: str) -> dict[str, Any]:
    """The form; the fields in `lists` with all their values."""
    return {**request.form.to_dict(), **{name: request.form.getlist(name) for name in lists}}


def problems_of(error: InputError) -> dict[str, str]:
    return {name: gettext(text) for name, text in error.problems.items()}


def local(path: str | None) -> str:
    """The path where it stays in this console, else home."""
    path = path or "/"
    split = urlsplit(path)
    elsewhere = split.scheme or split.netloc or path.startswith(("//", "/\\")) or not path.startswith("/")
    return "/" if elsewhere or not path.isprintable() or "\\" in path else path
