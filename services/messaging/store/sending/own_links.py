"""A message's own links, which need not rest with its words: the same key signs the same message for the same purpose
in the same way. What rests is for what each was signed, and by which key.

Whoever shows the words gives the message's number and the keys. Where the key is no longer in the ring the link opens
nothing, and its signature is not told.
"""

from __future__ import annotations

from uuid import UUID

from shared.crypto.signing import LinkSigner

PURPOSES = ("unsubscribe", "survey", "confirm", "offer", "picture")
"""By what is written down: a new one is added at the end, none changes its place."""
GONE = b"\xe2\x80\xa6"  # …


class OwnLinks:
    """Of one message. `mark`: of the key that signs now."""

    def __init__(self, signer: LinkSigner, message_id: UUID) -> None:
        self.mark = signer.mark
        self._signer, self._message_id = signer, message_id
        self._signed: dict[str, bytes] = {}

    def purpose_of(self, token: bytes) -> int | None:
        """For what this key signs the message so, by its place; None for a link that is not its own."""
        for place, purpose in enumerate(PURPOSES):
            if purpose not in self._signed:
                self._signed[purpose] = self._signer.sign(purpose, self._message_id).encode()
            if self._signed[purpose] == token:
                return place
        return None

    def spelt(self, place: int, mark: bytes) -> bytes:
        token = self._signer.signed_with(mark, PURPOSES[place], self._message_id)
        return token.encode() if token is not None else GONE
