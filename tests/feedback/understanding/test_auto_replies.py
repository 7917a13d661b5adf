"""Answers of programs for somebody who is away, by their words alone; and what guests say that sounds like one."""

from __future__ import annotations

import pytest

from services.feedback.understanding import understand
from services.feedback.understanding.understood import Kind

AUTOMATIC = (
    "I am out of the office until Monday, 7 December.",
    "Thank you for your email. I am currently out of the office and will reply when I return on 3 May.",
    "Hello, thank you for your message. I am on annual leave with limited access to my email.",
    "Hi there, thanks for your email! I will be out of the office this week.",
    "Thank you for contacting us. We have received your message and will answer within two days.",
    "This is an automated response. This mailbox is not monitored.",
    "Vielen Dank für Ihre Nachricht. Ich bin bis zum 7. Januar nicht im Büro.",
    "Guten Tag, vielen Dank für Ihre E-Mail. Ich bin derzeit nicht erreichbar.",
    "Ich bin vom 3. bis 9. Mai außer Haus. Ihre E-Mail wird nicht weitergeleitet.",
    "Gracias por su mensaje. Estaré fuera de la oficina hasta el lunes.",
    "Buenos días, gracias por su correo. Me encuentro fuera hasta el 3 de mayo.",
    "Respuesta automática: estoy de vacaciones.",
    "Bonjour, merci pour votre message. Je suis actuellement absente jusqu’au 3 mai.",
    "Je suis en congés, de retour le 7 janvier.",
    "Nous avons bien reçu votre message.",
    "Obrigado pela sua mensagem. Encontro-me ausente até segunda-feira.",
    "Olá, obrigada pelo seu e-mail. Estou de férias até 3 de maio.",
    "Recebemos a sua mensagem e responderemos em breve.",
    "您好，感谢您的邮件。我目前正在休假，5月3日后回复您。",
    "您好，您的邮件已收到，我会尽快回复您。",
    "这是一封自动回复邮件。",
    "我不在办公室，如有急事请联系我的同事。",
)
GUESTS = (
    "Thank you for your message. The room was loud.",
    "Thanks for your email, we had a lovely stay.",
    "We loved the pool and breakfast, but on the last day I was out of the office for nothing: no desk there.",
    "Vielen Dank für Ihre Nachricht, das Zimmer war schön.",
    "Gracias por su mensaje, todo perfecto.",
    "Merci pour votre message, nous reviendrons.",
    "Obrigado pela sua mensagem, gostei muito.",
    "感谢您的来信，房间很干净。",
    "The porter was away when we arrived.",
    "9, thank you for your message",
)


@pytest.mark.parametrize("text", AUTOMATIC)
def test_what_a_program_answers_for_somebody_is_no_reply(text: str) -> None:
    read = understand(text, survey_open=True, channel="email")
    assert (read.kind, read.score, read.is_complaint, read.stop) == (Kind.AUTO_REPLY, None, False, False)


@pytest.mark.parametrize("text", GUESTS)
def test_thanks_for_a_message_and_an_absence_in_a_sentence_are_a_guests_words(text: str) -> None:
    assert understand(text, survey_open=True, channel="email").kind is Kind.WORDS
