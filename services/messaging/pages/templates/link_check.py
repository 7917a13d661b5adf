"""Whether the pages that a template links to are there: asked when somebody wants it, and outside a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext

from services.messaging.config import Config
from services.messaging.library.documents import read_template
from services.messaging.queries.templates.versions import one
from services.messaging.rules.links.targets import is_web, without_values
from shared.access.people import May
from shared.errors import InputError
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach
from shared.vocabulary.trouble import Trouble
from shared.web.access_control import needs
from shared.web.i18n.labels import label
from shared.web.site import here

link_check = Blueprint("messaging_link_check", __name__, url_prefix="/messaging/templates/<key>/links")
LIMITS = Limits(within=5.0, connect_within=3.0, longest=64 * 1024)
AT_ONCE, MOST = 8, 40
GONE, NOT_FOUND = 410, 404


@dataclass(frozen=True)
class Asked:
    """What a page answered. `tone`: good, bad, or look where nobody can tell."""

    url: str
    tone: str
    words: str
    answered: bool = True


@link_check.post("/check")
@needs(May.CONFIGURE)
def check(key: str) -> str:
    with here().transaction() as tx:
        found = one(tx, key) or abort(404)
    try:
        targets = _targets(found.document)
    except InputError:
        abort(404)
    asked, left = _ask(targets[:MOST]), targets[MOST:]
    unreached = bool(asked) and not any(page.answered for page in asked)
    return render_template("template_links.html", template=found, asked=asked, left=left, unreached=unreached)


def _targets(document: Mapping[str, Any]) -> list[str]:
    """Each page once, without what is filled in for a guest: no value of anybody's is told."""
    links = (link.target for *_, link in read_template(document, version=1).links())
    return list(dict.fromkeys(without_values(target) for target in links if is_web(target)))


def _ask(urls: Iterable[str]) -> list[Asked]:
    from shared.outgoing.client import NoAnswer, OutgoingClient

    client = OutgoingClient(Reach(here().part(Config).networks), LIMITS)

    def status_of(url: str) -> int | Trouble:
        """Of servers that know no HEAD the page itself is asked for."""
        status = answer_to("HEAD", url)
        return answer_to("GET", url) if status in (403, 405, 501) else status

    def answer_to(method: str, url: str) -> int | Trouble:
        """A kept connection may have been closed from there: whoever is cut off is asked once more, over a new one."""
        trouble = Trouble.CUT_OFF
        for _ in range(2):
            try:
                return client.ask(method, url).status
            except NoAnswer as error:
                trouble = error.trouble
                if trouble is not Trouble.CUT_OFF:
                    break
        return trouble

    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            urls = list(urls)
            return [_in_words(url, status) for url, status in zip(urls, threads.map(status_of, urls), strict=True)]
    finally:
        client.close()


def _in_words(url: str, found: int | Trouble) -> Asked:
    if isinstance(found, Trouble):
        tone = "bad" if found in (Trouble.BAD_ADDRESS, Trouble.NO_SUCH_HOST) else "look"
        return Asked(url, tone, label(found), answered=False)
    if found < 400:
        return Asked(url, "good", gettext("The page is there."))
    if found in (NOT_FOUND, GONE):
        return Asked(url, "bad", gettext("There is no such page (%(status)s).", status=found))
    return Asked(url, "look", gettext("The page answers with %(status)s; look at it yourself.", status=found))
