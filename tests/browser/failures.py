"""What a failed test leaves behind: a picture of each open page, and what it asked for and said until then."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request

KEPT = Path(__file__).parents[2] / "build" / "failed-pages"
LINES = 400
PICTURE_WITHIN = 5_000  # a page that cannot be drawn is part of the finding


@dataclass
class Log:
    """Of one context, the last lines first to go. `open`: requests without an end, with the second they began."""

    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))
    open: dict[Request, float] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    def say(self, words: str) -> None:
        self.lines.append(f"{monotonic() - self.began:8.2f} {words}")

    def asked(self, request: Request) -> None:
        self.open[request] = monotonic() - self.began

    def ended(self, request: Request) -> None:
        since = monotonic() - self.began - self.open.pop(request, 0.0)
        answer = request.failure or "answered"
        self.say(f"{request.method} {request.url} {answer} after {since:.2f} s")

    def spoke(self, message: ConsoleMessage) -> None:
        self.say(f"console, {message.type}: {message.text}")

    def text(self) -> str:
        unanswered = [f"{since:8.2f} {one.method} {one.url}" for one, since in self.open.items()]
        return "\n".join([*self.lines, "Without an answer yet:", *(unanswered or ["none"])]) + "\n"


_logs: WeakKeyDictionary[BrowserContext, Log] = WeakKeyDictionary()


def listen(browser: Browser) -> Browser:
    """Every context that is opened from now on is listened to."""
    new_context = browser.new_context

    def opened(**wishes: Any) -> BrowserContext:
        context = new_context(**wishes)
        log = _logs[context] = Log()
        context.on("request", log.asked)
        context.on("requestfinished", log.ended)
        context.on("requestfailed", log.ended)
        context.on("console", log.spoke)
        context.on("weberror", lambda error: log.say(f"error: {error.error}"))
        return context

    browser.new_context = opened  # type: ignore[method-assign]
    return browser


def keep(browser: Browser, test: str) -> str:
    """Pictures and logs in a folder of this test's name; returns its path and what went wrong, as lines."""
    folder = KEPT / re.sub(r"\W+", "-", test).strip("-")[-120:]
    folder.mkdir(parents=True, exist_ok=True)
    told = [str(folder)]
    for number, context in enumerate(browser.contexts, start=1):
        log = _logs.get(context, Log())
        (folder / f"{number}.log").write_text(log.text(), encoding="utf-8")
        told += [line for line in log.text().splitlines() if "answered after" not in line][-20:]
        for place, page in enumerate(context.pages, start=1):
            told.append(_seen(page, folder / f"{number}-{place}.png"))
    return "\n".join(told)


def _seen(page: Page, picture: Path) -> str:
    try:
        page.screenshot(path=picture, timeout=PICTURE_WITHIN)
    except Error as error:
        return f"{page.url}: no picture ({error.message.splitlines()[0]})"
    return f"{page.url}: {picture.name}"
