"""By what an erased guest is known again: the same hashes in each service, in an import and in the list of erasures."""

from __future__ import annotations

from shared.crypto.sealing import KeyRing


def hashes_of_point(keyring: KeyRing, entity: str, channel: str, address: str) -> list[str]:
    """Of a normalised address or number within a legal entity: under each erasure key, the newest first."""
    return keyring.erasure.hashes(channel, entity, address)


def hashes_of_reservation(keyring: KeyRing, entity: str, source: str, hotel: str, reservation: str) -> list[str]:
    return keyring.erasure.hashes("reservation", entity, source, hotel, reservation)


def hashes_of_name(keyring: KeyRing, entity: str, name_birth: str) -> list[str]:
    """Of a full name and birth date, under which guests without an address are found."""
    return keyring.erasure.hashes("name_birth", entity, name_birth)
