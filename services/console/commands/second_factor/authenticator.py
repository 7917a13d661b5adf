"""The authenticator app: codes of half a minute (RFC 6238), and ten recovery codes that stand in for it."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

from services.console.commands.record_audit import record_audit
from services.console.commands.signing_in.passwords import one_time_password
from services.console.commands.signing_in.security_notices import FactorChange, tell_of_factor
from services.console.rules.sessions import SignedInBy
from services.console.store import second_factors as store
from shared.access.people import secret_hash
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.term import N_

STEP = timedelta(seconds=30)
TOLERATED = 1  # steps that the clock of a telephone may be wrong
RECOVERY_CODES = 10
ISSUER = "Guestloop"


def propose_authenticator(tx: Tx, person_id: UUID, at: datetime) -> None:
    """Makes a secret, which counts once a code of it was typed. Raises `Conflict` where there is an authenticator."""
    import pyotp

    there = store.authenticator(tx, person_id)
    if there and there.confirmed_at:
        raise Conflict(N_("There is an authenticator app already. Remove it first."))
    store.propose(tx, person_id, tx.keyring.seal(pyotp.random_base32(), Sealing.SECRET), at)


def proposed_secret(tx: Tx, person_id: UUID) -> str | None:
    """The secret to be shown: that of an authenticator which was not confirmed."""
    there = store.authenticator(tx, person_id)
    return tx.keyring.open(there.secret, Sealing.SECRET) if there and not there.confirmed_at else None


def address_of(secret: str, email: str) -> str:
    """What the picture says to the app."""
    import pyotp

    return str(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def confirm_authenticator(tx: Tx, person_id: UUID, code: str, name: str, at: datetime) -> list[str]:
    """From now on codes are asked for. The recovery codes that were made with it; none where there are some.

    Raises `InputError`.
    """
    if proposed_secret(tx, person_id) is None or not _is_right(tx, person_id, code, at):
        raise InputError(
            N_("The app was not connected."), {"code": N_("This code is not right. Look at the clock of the phone.")}
        )
    store.confirm(tx, person_id, at)
    record_audit(tx, name, "second_factor.authenticator_added", f"person {person_id}", {}, at)
    tell_of_factor(tx, person_id, FactorChange.ADDED, at)
    return [] if store.codes_left(tx, person_id) else _new_codes(tx, person_id, name, at)


def make_recovery_codes(tx: Tx, person_id: UUID, name: str, at: datetime) -> list[str]:
    """Ten new ones; all earlier ones stop working."""
    tell_of_factor(tx, person_id, FactorChange.CODES, at)
    return _new_codes(tx, person_id, name, at)


def _new_codes(tx: Tx, person_id: UUID, name: str, at: datetime) -> list[str]:
    codes = [one_time_password() for _ in range(RECOVERY_CODES)]
    store.put_codes(tx, person_id, [secret_hash(_plain(code)) for code in codes])
    record_audit(tx, name, "second_factor.recovery_codes_made", f"person {person_id}", {}, at)
    return codes


def proven_by(tx: Tx, person_id: UUID, code: str, name: str, at: datetime) -> SignedInBy | None:
    """By what the code proves the person: the app or a recovery code, each once; None where it proves nothing."""
    there = store.authenticator(tx, person_id)
    if there and there.confirmed_at and _is_right(tx, person_id, code, at):
        return SignedInBy.AUTHENTICATOR
    if store.has_one(tx, person_id) and store.take_code(tx, person_id, secret_hash(_plain(code)), at):
        details = {"left": store.codes_left(tx, person_id)}
        record_audit(tx, name, "second_factor.recovery_code_used", f"person {person_id}", details, at)
        return SignedInBy.RECOVERY_CODE
    return None


def _is_right(tx: Tx, person_id: UUID, code: str, at: datetime) -> bool:
    """Whether it is the code of this half minute, the one before or the one after, and was not taken before."""
    import pyotp

    there = store.authenticator(tx, person_id)
    typed = re.sub(r"\s", "", code)
    if there is None or not re.fullmatch(r"[0-9]{6}", typed):
        return False
    totp = pyotp.TOTP(tx.keyring.open(there.secret, Sealing.SECRET))
    now = int(at.timestamp() // STEP.total_seconds())
    for step in range(now - TOLERATED, now + TOLERATED + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return store.take_step(tx, person_id, step)
    return False


def _plain(code: str) -> str:
    """As it is compared: people type spaces for hyphens, and capitals."""
    return re.sub(r"[^a-z0-9]", "", code.casefold())
