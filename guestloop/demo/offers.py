"""An offer of the house, and guests who used it: one word for all, told at the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from guestloop.composition.services import Group
from guestloop.demo.colleagues import person_named
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.commands.offers.redeeming import Line, redeem
from services.messaging.store.offers import offers
from shared.ids import make_id
from shared.vocabulary.offer import OfferKind, RedeemedBy

KEY, WORD, HOTEL = "a-glass-at-sunset", "SUNSET", "LIS"
DOCUMENT = {
    "name": {"en": "A glass at sunset", "pt": "Um copo ao pôr do sol", "zh-Hans": "日落时分的一杯酒"},
    "terms": {
        "en": "One glass for each guest of the room, on the terrace, from six to eight.",
        "pt": "Um copo por hóspede do quarto, no terraço, das 18h às 20h.",
        "zh-Hans": "每位住客一杯，露台，18:00至20:00。",
    },
    "worth": {
        "kind": "gift",
        "gift": {"en": "a glass of wine", "pt": "um copo de vinho", "zh-Hans": "一杯葡萄酒"},
    },
    "hotels": [HOTEL],
    "word": WORD,
}
FROM, MOST = timedelta(days=60), 24
STAYS = """
    select reservation, arrival from stay_known
    where property = %(hotel)s and status = 'checked_out' and arrival between %(since)s and %(until)s
    order by md5(reservation) limit %(most)s
"""


def leave_offers(group: Group, now: datetime) -> None:
    began = now - FROM
    with group.database("messaging").transaction() as tx:
        if offers.offer(tx, KEY) is not None:
            return
        who = person_named("Marta Marques")
        key = start_offer(tx, OfferKind.WORD, DOCUMENT, by=who, at=began)
        go_live(tx, key, by=who, at=began)
        values = {"hotel": HOTEL, "since": began.date(), "until": now.date(), "most": MOST}
        for reservation, day in tx.execute(STAYS, values).fetchall():
            line = Line(
                redemption_id=make_id("demo use", reservation),
                code=WORD,
                hotel=HOTEL,
                on=day,
                amount=Decimal(0),
                currency="EUR",
                reservation=reservation,
            )
            redeem(tx, [line], RedeemedBy.DESK, by="Filipa Faria", at=now)
