"""What is kept of people is declared: every column of every table, every queue, every file of a home."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

from guestloop.composition.services import MANIFEST, MANIFESTS
from shared.bus.rabbit.topology import all_queues
from shared.personal_data.columns import OF_GUEST, Columns, key, personal, plain
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.personal_data.installation import INSTALLATION, QUEUES
from shared.vocabulary.personal_data import Kept, PersonalKind
from tests.conftest import MakeDatabase

COLUMNS = """
    select table_name, column_name from information_schema.columns join information_schema.tables using (table_name)
    where columns.table_schema = 'public' and tables.table_schema = 'public' and table_type = 'BASE TABLE'
      and not exists (select from pg_class where oid = format('public.%I', table_name)::regclass and relispartition)
"""
DECLARED = [pytest.param(one.personal_data, id=one.name) for one in MANIFESTS]
TABLES = [
    pytest.param(one.name, table, id=f"{one.name}.{table.name}")
    for one in MANIFESTS
    for table in one.personal_data.tables
]
NOBODY = {"guests": ["00000000-0000-0000-0000-000000000000"], "before": "2000-01-01"}


@pytest.mark.parametrize("service", MANIFEST)
def test_every_column_of_every_table_is_declared_and_no_other(service: str, make_database: MakeDatabase) -> None:
    declared = MANIFEST[service].personal_data
    with make_database(service).transaction() as tx:
        found = set(tx.execute(COLUMNS).fetchall())
    assert {(table.name, name) for table in declared.tables for name in table.columns} == found


@pytest.mark.parametrize("service", MANIFEST)
def test_what_is_declared_is_sql_that_the_tables_understand(service: str, make_database: MakeDatabase) -> None:
    with make_database(service).transaction() as tx:
        for table in MANIFEST[service].personal_data.tables:
            for condition in filter(None, (table.guests, table.dropped, table.leaves and table.leaves.rows)):
                tx.execute(f"select from {table.name} where {condition}", NOBODY)
            if table.on_erasure is OnErasure.BLANKED:
                blanks = ", ".join(f'"{name}" = {blank}' for name, blank in table.blanks.items())
                tx.execute(f"update {table.name} set {blanks} where {table.guests}", NOBODY)


@pytest.mark.parametrize("declared", DECLARED)
def test_a_table_is_declared_once(declared: PersonalData) -> None:
    assert len(declared.named) == len(declared.tables)


@pytest.mark.parametrize(("service", "table"), TABLES)
def test_what_names_a_guest_is_blanked_deleted_or_explained(service: str, table: Table) -> None:
    """A name, an address, a number, the guest's words: no row of a guest keeps them."""
    telling = {PersonalKind.NAME, PersonalKind.BIRTH_DATE, PersonalKind.CONTACT, PersonalKind.WORDS}
    personal_columns = {name for name, column in table.columns.items() if column.kind in telling}
    if table.on_erasure is OnErasure.STAYS and table.guests is None:
        assert not personal_columns, f"{service}.{table.name} says something of people it cannot find"
    if table.on_erasure is OnErasure.BLANKED:
        sealed = {name for name, column in table.columns.items() if column.sealed}
        assert sealed <= table.blanks.keys()
    assert table.why.endswith(".") and table.what


@pytest.mark.parametrize("queue", [one.name for one in all_queues({m.name: m.subscriptions for m in MANIFESTS})])
def test_every_queue_is_declared(queue: str) -> None:
    assert [store.name for store in QUEUES if fnmatch(queue, store.name)]


def test_a_store_says_how_a_guests_share_of_it_goes() -> None:
    stores = [*INSTALLATION, *(store for manifest in MANIFESTS for store in manifest.personal_data.stores)]
    assert all(store.erased.endswith(".") and store.why.endswith(".") for store in stores)


@pytest.mark.parametrize(
    ("on_erasure", "guests", "columns"),
    [
        (OnErasure.DELETED, None, key("guest_id")),
        (OnErasure.BLANKED, OF_GUEST, {**key("guest_id"), "name": personal(PersonalKind.NAME)}),
        (OnErasure.DELETED, OF_GUEST, {**plain("at"), "name": personal(PersonalKind.NAME, blank="''")}),
    ],
    ids=["nobody can be found", "nothing is blanked", "blanked or deleted"],
)
def test_a_declaration_that_contradicts_itself_is_refused(on_erasure: OnErasure, guests: str, columns: Columns) -> None:
    with pytest.raises(ValueError, match="toy: "):
        Table(
            name="toy",
            what="Toys",
            why="A toy.",
            kept=Kept.GUEST,
            columns=columns,
            guests=guests,
            on_erasure=on_erasure,
        )
