"""Windows of time as people say them."""

from __future__ import annotations

from shared.vocabulary.window import Span, Window
from shared.web.i18n.formatting import dates_of


def window_words(span: Span, window: Window) -> str:
    """«October 2026», «Q4 2026», «2026»."""
    skeleton = {Span.MONTH: "yMMMM", Span.QUARTER: "yQQQ", Span.YEAR: "y"}[span]
    return str(dates_of(window.first, skeleton))
