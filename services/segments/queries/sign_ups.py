"""What pages show of sign-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.segments.store.sign_ups import Form
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class House:
    """In whose name guests are asked. Who that is by law and where, the form's imprint says in their language.

    `names`: by language of guests; `colour`: #rrggbb; `logo`: console shows it at /brand/<logo>.
    """

    name: str
    legal_entity: str = ""
    postal_address: str = ""
    contact: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    colour: str | None = None
    logo: str | None = None

    def called(self, language: str) -> House:
        """With its name in that language."""
        return replace(self, name=self.names.get(language, self.name))


def house_of(tx: Tx, form: Form) -> House:
    """The form's hotel; of the whole house, its form's name."""
    return (house_of_hotel(tx, form.property) if form.property else None) or House(form.name)


def house_of_hotel(tx: Tx, hotel: str) -> House | None:
    found = tx.rows(House, "select name, names, colour, logo from property_known where code = %s", [hotel])
    return found[0] if found else None


def signed_up_by_form(tx: Tx) -> dict[str, int]:
    """How many signed up by each form."""
    return dict(tx.execute("select form, count(*) from sign_up group by form").fetchall())


def differing_in(tx: Tx, scope: Scope) -> int:
    """How many sign-ups wait for a decision, of guests whom these hotels see."""
    query = f"""
        select count(*) from sign_up join guest g on g.id = sign_up.guest_id
        where state = 'differs' and {within("g.home_property")}
    """
    row = tx.execute(query, scope.values).fetchone()
    return int(row[0]) if row else 0
