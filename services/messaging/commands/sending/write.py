"""From claimed messages to what is handed to a sender."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from services.messaging.channels.sender import Outcome, Outgoing, always
from services.messaging.commands.sending.claimed import Claim, Claimed
from services.messaging.rules.answers import answer_in
from shared.crypto.mail_addresses import BackSigner
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

log = structlog.get_logger()


def write(
    keyring: KeyRing, claim: Claim, at: datetime, is_ours: Callable[[], bool] = always
) -> tuple[list[Outgoing], list[Outcome]]:
    """The messages as they are sent, and a final answer for each that cannot be written."""
    written: list[Outgoing] = []
    unwritable: list[Outcome] = []
    signer = BackSigner(keyring)
    for claimed in claim.messages:
        try:
            written.append(_write(keyring, signer, claim, claimed, at, is_ours))
        except Exception as error:  # one message's error is that message's outcome, and its neighbours are sent
            failed = Outcome(
                message_id=claimed.request.message_id,
                state=MessageState.FAILED,
                reason=Reason.UNWRITABLE,
                detail=type(error).__name__,
            )
            unwritable.append(failed)
            log.warning("message cannot be written", template=claimed.request.template, error=type(error).__name__)
    return written, unwritable


def _write(
    keyring: KeyRing,
    signer: BackSigner,
    claim: Claim,
    claimed: Claimed,
    at: datetime,
    is_ours: Callable[[], bool],
) -> Outgoing:
    request, verdict = claimed.request, claimed.verdict
    assert claim.words is not None and verdict.channel is not None and verdict.point is not None
    rendered, links = claim.words.render(
        request, claimed.guest, claimed.speaker, claimed.hotel, verdict.language, verdict.channel
    )
    answer = answer_in(request)
    return Outgoing(
        message_id=request.message_id,
        channel=verdict.channel,
        to=keyring.open(Sealed(verdict.point.address), Sealing.CONTACT),
        text=rendered.text,
        at=at,
        purpose=request.purpose,
        language=verdict.language,
        subject=rendered.subject,
        html=rendered.html,
        from_name=_from_name(claimed),
        unsubscribe_url=links.unsubscribe,
        targets=rendered.kept,
        approved=rendered.approved,
        copy=rendered.copy,
        valid_for=claimed.valid_for,
        back=signer if verdict.channel == Channel.EMAIL else None,
        is_by_hand=answer is not None,
        in_reply_to=answer.in_reply_to if answer else None,
        claim=claim.token,
        is_ours=is_ours,
        sender=claimed.by.sender_id if claimed.by else None,
        others=claimed.others,
    )


def _from_name(claimed: Claimed) -> str:
    """The sender's own, where the house gave it one, else the hotel's."""
    if claimed.by and claimed.by.from_name:
        return claimed.by.from_name
    return claimed.speaker.name if claimed.speaker else ""
