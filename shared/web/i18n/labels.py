"""Terms of the vocabulary in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from shared.vocabulary.term import Term


def label(term: Term) -> str:
    return str(gettext(term.label))


def labels(kind: type[Term]) -> dict[str, str]:
    """By value, every term of a set: the choices of a form."""
    return {str(term): label(term) for term in kind}
