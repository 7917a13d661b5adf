"""A browser without JavaScript, of Python's own library alone: it keeps cookies and fills in forms as they stand."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import NamedTuple
from uuid import uuid4


class Page(NamedTuple):
    status: int
    url: str
    text: str


class Refused(Exception):
    """A page answered otherwise than it should."""


class _Forms(HTMLParser):
    """Each form of a page: where it goes, and its fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if not self.forms:
            return
        fields, name = self.forms[-1][1], given.get("name", "")
        if tag == "input" and name and ("checked" in given or given.get("type") not in ("checkbox", "radio")):
            fields[name] = given.get("value", "on")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data


class Browser:
    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies).open

    def get(self, path: str, **headers: str) -> Page:
        return self._ask(urllib.request.Request(self._to(path), headers=headers))

    def post(self, path: str, data: bytes, **headers: str) -> Page:
        return self._ask(urllib.request.Request(self._to(path), data, headers))

    def submit(self, page: Page, action: str, **changes: str) -> Page:
        """The form of the page that goes to `action` (its end is enough), with these fields changed."""
        path, fields = self._form(page, action)
        body = urllib.parse.urlencode(fields | changes).encode()
        return self._sound(self.post(path, body))

    def upload(self, page: Page, action: str, name: str, content: bytes, **changes: str) -> Page:
        path, fields = self._form(page, action)
        fields.pop("file", None)
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in (fields | changes).items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: text/csv\r\n\r\n" + content + f"\r\n--{edge}--\r\n".encode())
        return self._sound(
            self.post(path, b"".join(parts), **{"Content-Type": f"multipart/form-data; boundary={edge}"})
        )

    def json(self, path: str, **headers: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(self._sound(self.get(path, **headers)).text)
        return found

    def _to(self, path: str) -> str:
        return path if path.startswith("http") else self.origin + path

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._open(request, timeout=60) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Page(error.code, request.full_url, error.read().decode(errors="replace"))

    def _form(self, page: Page, action: str) -> tuple[str, dict[str, str]]:
        reader = _Forms()
        reader.feed(page.text)
        for path, fields in reader.forms:
            if path.split("?")[0].endswith(action):
                return path, fields
        raise Refused(f"{page.url} ({page.status}) has no form that goes to {action}")

    def _sound(self, page: Page) -> Page:
        if page.status >= 400:
            raise Refused(f"{page.url} answered {page.status}: {' '.join(page.text.split())[:400]}")
        return page
