"""Passkeys (WebAuthn): a device proves that it holds a key and that it was unlocked, which counts as both factors."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from services.console.commands.record_audit import record_audit
from services.console.commands.signing_in.security_notices import FactorChange, tell_of_factor
from services.console.store import passkeys as store
from services.console.store.accounts import Account, by_id
from services.console.store.passkeys import Passkey
from shared.database.pool import Tx

ANSWERED_WITHIN = timedelta(minutes=5)
NAME = "Guestloop"
MOST_OF_A_PERSON = 20


@dataclass(frozen=True)
class Place:
    """Where passkeys are good for. `origin`: the address as browsers see it."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def is_possible(self) -> bool:
        """Browsers keep passkeys for names, by https or on this machine, never for numbers."""
        is_number = self.host.replace(".", "").isdigit() or ":" in self.host
        return not is_number and (self.origin.startswith("https://") or self.host == "localhost")


def ask_for_new(
    tx: Tx, challenge_id: UUID, person_id: UUID, email: str, name: str, place: Place, at: datetime
) -> dict[str, Any]:
    """What the browser asks a device to make: a key that it finds by itself, behind its own lock."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=place.host,
        rp_name=NAME,
        user_name=email,
        user_display_name=name,
        user_id=person_id.bytes,
        challenge=_ask(tx, challenge_id, person_id, at),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id) for one in store.of_person(tx, person_id)
        ],
    )
    return dict(json.loads(options_to_json(options)))


def add_passkey(
    tx: Tx, challenge_id: UUID, person_id: UUID, answer: Any, label: str, name: str, place: Place, at: datetime
) -> bool:
    """Keeps the public half; False where the answer proves nothing. The question is used up either way."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = store.answered(tx, challenge_id, person_id, at)
    if challenge is None or len(store.of_person(tx, person_id)) >= MOST_OF_A_PERSON:
        return False
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        return False
    made = Passkey(
        verified.credential_id, person_id, verified.credential_public_key, verified.sign_count, label.strip()[:60], at
    )
    if not made.name or not store.add(tx, made):
        return False
    record_audit(tx, name, "second_factor.passkey_added", f"person {person_id}", {"passkey": made.name}, at)
    tell_of_factor(tx, person_id, FactorChange.ADDED, at)
    return True


def ask_for_any(tx: Tx, challenge_id: UUID, place: Place, at: datetime) -> dict[str, Any]:
    """What the browser asks any device that holds a key for this place."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=place.host,
        challenge=_ask(tx, challenge_id, None, at),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(options_to_json(options)))


def account_of_answer(tx: Tx, challenge_id: UUID, answer: Any, place: Place, at: datetime) -> Account | None:
    """Whom the device proves; None where it proves nobody who has access. The question is used up."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = store.answered(tx, challenge_id, None, at)
    try:
        known = store.locked(tx, base64url_to_bytes(answer["id"]))
        if challenge is None or known is None:
            return None
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError):
        return None
    store.note_use(tx, known.credential_id, verified.new_sign_count, at)
    account = by_id(tx, known.person_id)
    return account if account and account.role else None


def _ask(tx: Tx, challenge_id: UUID, person_id: UUID | None, at: datetime) -> bytes:
    challenge = secrets.token_bytes(32)
    store.ask(tx, challenge_id, challenge, person_id, at, at + ANSWERED_WITHIN)
    return challenge
