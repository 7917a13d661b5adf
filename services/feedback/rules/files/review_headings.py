"""Which column of a file of reviews is what, by its heading in many languages; what sites are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shared.vocabulary.term import N_, Term


class Field(Term):
    """What a column is read as."""

    REF = "ref", N_("the site’s number of the review")
    SOURCE = "source", N_("booking site")
    HOTEL = "hotel", N_("hotel")
    DAY = "day", N_("day")
    RATING = "rating", N_("rating")
    TITLE = "title", N_("title")
    LIKED = "liked", N_("what was liked")
    DISLIKED = "disliked", N_("what was not liked")
    TEXT = "text", N_("review")
    RESERVATION = "reservation", N_("reservation number")


HEADINGS: Mapping[Field, str] = {
    Field.REF: """
        review_id, reviewid, id, review_number, bewertungs_id, id_avis, id_da_avaliacao, id_resena, 评论id, 点评id,
        评价id, 评论编号, 點評編號, 評論編號
    """,
    Field.SOURCE: """
        source, site, platform, channel, portal, ota, plattform, quelle, plateforme, canal, plataforma, origem,
        来源, 渠道, 平台, 來源
    """,
    Field.HOTEL: """
        hotel, property, property_name, hotel_name, property_code, hotel_code, etablissement, unterkunft,
        alojamiento, alojamento, 酒店, 酒店名称, 门店, 飯店
    """,
    Field.DAY: """
        review_date, date, date_of_review, reviewed_on, published, published_at, submitted, created_at, datum,
        bewertungsdatum, date_de_l_avis, date_avis, fecha, fecha_de_la_resena, data, data_da_avaliacao, 日期,
        点评日期, 评论日期, 评价时间, 点评时间, 评论时间, 點評日期, 評論時間
    """,
    Field.RATING: """
        review_score, score, rating, overall_rating, overall_score, overall, stars, star_rating, note, bewertung,
        gesamtbewertung, punkte, note_globale, puntuacion, valoracion, nota, pontuacao, classificacao, 评分, 总分,
        得分, 点评分, 综合评分, 分数, 評分, 總分
    """,
    Field.TITLE: """
        review_title, title, headline, titel, titre, titulo, 标题, 點評標題, 標題, 评论标题
    """,
    Field.LIKED: """
        positive_review, positive, positives, liked, pros, what_did_you_like, positiv, positif, points_positifs,
        lo_positivo, aspectos_positivos, pontos_positivos, 优点, 好评, 優點
    """,
    Field.DISLIKED: """
        negative_review, negative, negatives, disliked, cons, what_could_be_improved, negativ, negatif,
        points_negatifs, lo_negativo, aspectos_negativos, pontos_negativos, 缺点, 不足, 差评, 缺點
    """,
    Field.TEXT: """
        review, text, review_text, comment, comments, content, body, description, kommentar, bewertungstext, avis,
        commentaire, resena, comentario, opinion, comentarios, avaliacao, 评论, 点评, 内容, 评论内容, 点评内容,
        评价内容, 點評內容, 評論內容, 评价
    """,
    Field.RESERVATION: """
        reservation_number, reservation, reservation_id, booking_number, booking_id, booking_reference,
        confirmation_number, reservierungsnummer, buchungsnummer, numero_de_reservation, numero_de_reserva, 订单号,
        预订号, 訂單號
    """,
}
NAMED = {name.strip(): field for field, names in HEADINGS.items() for name in names.split(",")}
SOURCES = {
    "booking_com": "booking", "bookingcom": "booking", "trip_advisor": "tripadvisor", "google_maps": "google",
    "google_reviews": "google", "hotels_com": "hotels_com", "holiday_check": "holidaycheck", "trip_com": "trip_com",
    "携程": "ctrip", "缤客": "booking", "谷歌": "google", "猫途鹰": "tripadvisor", "美团": "meituan", "飞猪": "fliggy",
    "去哪儿": "qunar",
}  # fmt: skip


def columns_of(headings: Sequence[str]) -> dict[Field, int]:
    """By field the place of its column; of two columns for one field the first. `headings`: as `normalised` leaves
    them."""
    found: dict[Field, int] = {}
    for place, heading in enumerate(headings):
        known = NAMED.get(heading) or NAMED.get(re.sub(r"_?(1_\d+|0_\d+|of_\d+|out_of_\d+|\d+)$", "", heading))
        if known is not None:
            found.setdefault(known, place)
    return found


def source_code(text: str) -> str | None:
    """«Booking.com» → booking. Whatever has letters or digits of ASCII is a site of its own."""
    plain = re.sub(r"[\W_]+", "_", text.strip().casefold()).strip("_")
    code = SOURCES.get(plain) or plain.removeprefix("www_")
    code = SOURCES.get(code, code)
    return code if re.fullmatch(r"[a-z0-9_]{1,40}", code) else None
