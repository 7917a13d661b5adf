"""Windows of time as people say them."""

from __future__ import annotations

from collections.abc import Iterable

from shared.vocabulary.window import Span, Window
from shared.web.i18n.formatting import dates_of
from shared.web.i18n.labels import label


def window_words(span: Span, window: Window) -> str:
    """«October 2026», «Q4 2026», «2026»."""
    skeleton = {Span.MONTH: "yMMMM", Span.QUARTER: "yQQQ", Span.YEAR: "y"}[span]
    return str(dates_of(window.first, skeleton))


def spans_to_choose() -> list[tuple[str, str]]:
    return [(str(span), label(span)) for span in Span]


def windows_to_choose(span: Span, windows: Iterable[Window]) -> list[tuple[str, str]]:
    """By their first days."""
    return [(one.first.isoformat(), window_words(span, one)) for one in windows]
