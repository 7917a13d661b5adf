"""While a key of the index is being turned: accounts are found by the key in use."""

from __future__ import annotations

from services.console.commands.accounts import email_index
from services.console.store import accounts as store
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx


def index_accounts_again(tx: Tx) -> int:
    """How many accounts had an older index. There are few: one set takes them all."""
    indexes = {
        one.person_id: email_index(tx, tx.keyring.open(one.email, Sealing.ACCOUNT)) for one in store.everybody(tx)
    }
    return store.set_indexes(tx, indexes)
