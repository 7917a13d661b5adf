"""What other programs write where a guest's name shall stand, each with the value of ours that it may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.messaging.wording.sandbox import NotOfTheLanguage, parse, paths
from services.messaging.wording.values import is_value

TAG = re.compile(
    r"""
      \{\{\{?[^{}]{1,200}\}?\}\}        # {{ first_name }}, {{{unsubscribe}}}
    | \{%[^{}]{1,200}%\}                # {% if … %}
    | \*\|[^|<>]{1,100}\|\*             # *|FNAME|*
    | %%[\w.\-]{1,60}%%                 # %%FirstName%%
    | %[a-zA-Z][\w]*(?:\.[\w]+)+%       # %recipient.name%
    | \[\[[\w .:\-]{1,60}\]\]           # [[name]]
    | \$\{[\w .]{1,60}\}                # ${name}
    | &lt;%=?[^%<>]{1,80}%&gt;|<%=?[^%<>]{1,80}%>
    """,
    re.VERBOSE,
)
MEANT: tuple[tuple[str, str], ...] = (
    (r"unsub|optout|opt_out|abmeld|abbestell|desinscr|darsebaja|退订", "links.unsubscribe"),
    (r"survey|feedback", "links.survey"),
    (r"checkin|arriv|anreise|llegada|chegada|入住", "stay.arrival"),
    (r"checkout|depart|abreise|salida|partida|离店", "stay.departure"),
    (r"night|naecht|nächt|noche|noite|nuit", "stay.nights"),
    (r"room|zimmer|habitaci|quarto|chambre", "stay.room_type"),
    (r"reserv|booking|confirmation|buchung", "stay.number"),
    (r"code|coupon|voucher|promo", "offer.code"),
    (r"(hotel|property).*(phone|tel)", "property.phone"),
    (r"(hotel|property).*(mail|contact)", "property.contact"),
    (r"(hotel|property).*(address|street)", "property.address"),
    (r"point|punkte|puntos|积分", "guest.points"),
    (r"tier|status_level|membership", "guest.tier"),
    (r"birthday|geburtstag|生日", "guest.birthday"),
    (r"hotel|property", "property.name"),
    (r"(list|sender|company|organi).*(address|street)|^address$|html_list_address", "sender.postal_address"),
    (r"(list|sender|company|brand|organi).*(phone|mail|contact)", "sender.contact"),
    (r"company|brand|sender", "sender.brand"),
    (r"greeting|salutation|anrede", "guest.greeting"),
    (r"fname|first|given|vorname|prenom|nombre|名字", "guest.first_name"),
    (r"fullname|full_name|^name$|(guest|contact|recipient|user|customer|subscriber).*name|姓名", "guest.name"),
)
"""By what stands in the tag, the first that fits; a last name alone is none of our values, nor is an address."""
ALONE = re.compile(r"last|lname|surname|nachname|apellido|sobrenome|e-?mail", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """`text`: as it stands there. `proposed`: the value of ours, empty where none is known. `line`: of the first."""

    text: str
    proposed: str
    line: int


def merge_tags(text: str) -> list[Found]:
    """Each once. What is written as we write it, and is known here, is none."""
    found: dict[str, Found] = {}
    for tag in TAG.finditer(text):
        if tag[0] not in found and not is_ours(tag[0]):
            found[tag[0]] = Found(tag[0], _meant(tag[0]), text.count("\n", 0, tag.start()) + 1)
    return list(found.values())


@lru_cache(maxsize=1000)
def is_ours(tag: str) -> bool:
    if not tag.startswith("{{") or tag.startswith("{{{"):
        return False
    try:
        read, _ = paths(parse(tag))
    except NotOfTheLanguage:
        return False
    return bool(read) and all(map(is_value, read))


def with_values(text: str, chosen: Mapping[str, str]) -> str:
    """With the chosen value at each tag: never raw, nothing where none is chosen."""

    def put(found: re.Match[str]) -> str:
        if is_ours(found[0]):
            return found[0]
        value = chosen.get(found[0], _meant(found[0]))
        return "{{ " + value + " }}" if is_value(value) else ""

    return TAG.sub(put, text)


@lru_cache(maxsize=1000)
def _meant(tag: str) -> str:
    """A tag of code means nothing here; of a filter or a default behind the name nothing is read."""
    if tag.startswith(("{%", "<%", "&lt;%")) and "=" not in tag[:6]:
        return ""
    name = re.split(r"[|,]", re.sub(r"^[^\w]+|[^\w]+$", "", tag), maxsplit=1)[0]
    words = re.sub(r"[\s.:\-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).lower()
    if ALONE.search(words) and "unsub" not in words:
        return ""
    joined = words.replace("_", "")
    return next((value for meant, value in MEANT if re.search(meant, words) or re.search(meant, joined)), "")
