"""A reply without what it quotes: programs of many makers, in the languages of guests, wrapped and not."""

from __future__ import annotations

import pytest

from services.feedback.mail.quotes import own_words

QUOTED = [
    "On Mon, 6 Jun 2016 at 10:00, Casa do Rio <back+r1@reply.example.com> wrote:\n\n> How was it?",
    "On Mon, 6 Jun 2016 at 10:00, Casa do Rio\n<back+r1@reply.example.com> wrote:\n\n> How was it?",
    "On 6 June 2016 10:00:00 CEST, Casa do Rio\n<back+rabcdefghijklmnop@reply.example.com>\nwrote:\n>How was it?",
    "-----Original Message-----\nFrom: Casa do Rio\nSent: Monday\nTo: Ana\nSubject: How was it?",
    "________________________________\nFrom: Casa do Rio <a@example.com>\nSent: Monday\nTo: Ana",
    "From: Casa do Rio <a@example.com>\nDate: Monday, 6 June 2016\nTo: Ana\nSubject: How was it?\n\nDear Ana",
    "Am 06.06.2016 um 10:00 schrieb Casa do Rio <a@example.com>:\n\n> Wie war es?",
    "Am Mo., 6. Juni 2016 um 10:00 Uhr schrieb Casa do Rio\n<back+r1@reply.example.com>:\n\n> Wie war es?",
    "Am 6. Juni 2016 10:00:00 MESZ schrieb\nCasa do Rio <a@example.com>:\nWie war es?",
    "-----Ursprüngliche Nachricht-----\nVon: Casa do Rio\nGesendet: Montag\nAn: Ana\nBetreff: Wie war es?",
    "Von: Casa do Rio <a@example.com>\nGesendet: Montag, 6. Juni 2016 10:00\nAn: Ana\nBetreff: Wie war es?",
    'Gesendet: Montag, 06. Juni 2016 um 10:00 Uhr\nVon: "Casa do Rio" <a@example.com>\nAn: ana@example.com',
    "Le lun. 6 juin 2016 à 10:00, Casa do Rio <a@example.com> a écrit :\n\n> Comment était-ce ?",
    "Le lun. 6 juin 2016 à 10:00, Casa do Rio\n<back+r1@reply.example.com> a écrit :\n> Comment",
    "Le 6 juin 2016 à 10:00, Casa do Rio <a@example.com> a\nécrit :\n> Comment",
    "De : Casa do Rio <a@example.com>\nEnvoyé : lundi 6 juin 2016\nÀ : Ana\nObjet : Comment était-ce ?",
    "El lun, 6 jun 2016 a las 10:00, Casa do Rio (<a@example.com>) escribió:\n\n> ¿Qué tal?",
    "Em seg., 6 de jun. de 2016 às 10:00, Casa do Rio <a@example.com>\nescreveu:\n\n> Como foi?",
    "Il giorno lun 6 giu 2016 alle ore 10:00 Casa do Rio <a@example.com> ha\nscritto:\n> Com'era?",
    "Op ma 6 jun. 2016 om 10:00 schreef Casa do Rio <a@example.com>:\n\n> Hoe was het?",
    "Casa do Rio <a@example.com> 于2016年6月6日周一 10:00写道：\n\n> 您好",
    "Casa do Rio <back+r1@reply.example.com> 于2016年6月6日周一\n10:00写道：\n\n> 您好",
    "在 2016年6月6日，上午10:00，Casa do Rio <a@example.com> 写道：\n\n> 您好",
    "在 2016/6/6 10:00, Casa do Rio 写道:\n> 您好",
    '在 2016-06-06 10:00:00，"Casa do Rio" <a@example.com> 写道：\n您好',
    "2016年6月6日 上午10:00，Casa do Rio <a@example.com> 写道：\n> 您好",
    '------------------ 原始邮件 ------------------\n发件人: "Casa do Rio";\n发送时间: 2016年6月6日',
    "------------------&nbsp;Original&nbsp;------------------\nFrom: Casa\nDate: Mon\nTo: Ana".replace("&nbsp;", " "),
    "---- 回复的原邮件 ----\n| 发件人 | Casa do Rio |\n| 日期 | 2016年06月06日 10:00 |",
    "发件人： Casa do Rio\n发送时间： 2016-06-06 10:00\n收件人： ana\n主题： 您好\n您好",
    "寄件者: Casa do Rio\n收件者: ana\n主旨: 您好",
    'At 2016-06-06 10:00:00, "Casa do Rio" <a@example.com> wrote:\n您好',
    "> How was it?\n> From 0 to 10",
]
OWN = [
    "9, but the lift was slow",
    "Das Frühstück war gut.\n\nDas Zimmer nicht.",
    "服务很好，\n房间有点小。",
]


@pytest.mark.parametrize("quoted", QUOTED)
@pytest.mark.parametrize("own", OWN)
def test_what_is_quoted_goes(own: str, quoted: str) -> None:
    for between in ("\n\n", "\n"):
        assert own_words(f"{own}{between}{quoted}") == own
    assert own_words(f"{own}\r\n\r\n" + quoted.replace("\n", "\r\n")) == own


@pytest.mark.parametrize(
    "text",
    [
        "From: the third night on we heard the lift.\nIt never stopped.",
        "To: whom it may concern,\nthe room was cold",
        "On Monday I wrote: nobody answered. The room was cold.",
        "At breakfast the waiter said: we are full.",
        "Le personnel était charmant : merci",
        "Am Abend war es laut: Musik bis zwei.",
        "De plus : la chambre était froide\net bruyante",
        "Two things:\n- noise\n- heat\nBest regards\nAna",
        "她说：房间很好\n我同意",
        "8",
        "STOP",
        "",
    ],
)
def test_a_guests_own_words_stay_whatever_they_look_like(text: str) -> None:
    assert own_words(text) == text


def test_an_answer_below_or_between_what_is_quoted_is_found() -> None:
    assert own_words("> How was it?\n> 0 to 10\n\n9, thank you") == "9, thank you"
    assert own_words("On Mon, 6 Jun 2016, Casa <a@example.com> wrote:\n> How was it?\n\n9, thank you") == "9, thank you"
    assert own_words("> Noise?\nnone\n> Breakfast?\ncold") == "none\ncold"


def test_where_all_of_it_is_quoted_a_person_reads_all_of_it() -> None:
    whole = "-----Original Message-----\nFrom: Casa\nSent: Monday\nTo: Ana\nHow was it?"
    assert own_words(whole) == whole


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Silva\n+351 …",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "发自我的iPhone",
        "Get Outlook for iOS",
    ],
)
def test_what_a_program_puts_under_it_goes(signature: str) -> None:
    assert own_words(f"STOP\n\n{signature}") == "STOP"
    quoted = "On Mon, 6 Jun 2016, Casa <a@example.com> wrote:\n> x"
    assert own_words(f"STOP\n\n{signature}\n\n{quoted}") == "STOP"


def test_an_answer_above_and_another_below_what_is_quoted_are_both_found() -> None:
    head = "On Mon, 6 Jun 2016, Casa <a@example.com> wrote:"
    both = own_words(
        f"Hello,\n\n{head}\n> Can we help?\n\nThe shower leaks.\n> STOP ends it.\n\nPlease stop mailing me."
    )
    assert both == "Hello,\n\nThe shower leaks.\nPlease stop mailing me."
    assert own_words(f"9\n\n{head}\n> A long line that was\nwrapped without a mark\n> How was it?") == "9"


@pytest.mark.parametrize(
    "head",
    [
        "2016年6月6日(月) 10:00、Casa <a@example.com>さんは書きました:",
        '06.06.2016, 10:00, "Casa" <a@example.com>:',
        "пн, 6 июн. 2016 г. в 10:00, Casa <a@example.com>:",
        "2016년 6월 6일 (월) 오전 10:00, Casa <a@example.com>님이 작성:",
        "6 Haz 2016 Pzt 10:00 tarihinde Casa\n<a@example.com> şunu yazdı:",
    ],
)
@pytest.mark.parametrize("quoted", ["Unsubscribe", "> Unsubscribe"])
def test_a_date_an_hour_and_an_address_head_what_is_quoted_in_any_language(head: str, quoted: str) -> None:
    assert own_words(f"9, thank you\n\n{head}\n\n{quoted}") == "9, thank you"
