"""The words of a page of HTML, without what it quotes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = frozenset({"style", "script", "head", "title", "template"})
EMPTY = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source", "embed"})
LINES = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "hr"})
QUOTES = re.compile(r"gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|isReplyContent")
OVER = re.compile(r"divRplyFwdMsg|appendonsend")
MOST = 1_000_000
DEEPEST = 500


class _Words(HTMLParser):
    """Outlook sets no element around what it quotes: from its mark on all is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []  # elements, and whether what they hold is heard
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LINES:
            self.pieces.append("\n")
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if OVER.search(named):
            self._is_over = True
        if tag in EMPTY or len(self._open) >= DEEPEST:
            return
        heard = not self._open or self._open[-1][1]
        quoted = tag in UNSEEN or tag == "blockquote" or bool(QUOTES.search(named))
        self._open.append((tag, heard and not quoted))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                break
        if tag in LINES:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._is_over and (not self._open or self._open[-1][1]):
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    words = _Words()
    words.feed(page[:MOST])
    words.close()
    lines = [line.strip() for line in "".join(words.pieces).replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
