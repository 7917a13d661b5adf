"""Files handed in, the rows of the one that is being read, and what could not be read."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Store, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

IMPORTS = (
    Table(
        name="import_row",
        what="Rows being read",
        why="Rows wait here, sealed, for their turn in an import; the table is emptied at its end.",
        columns={
            **key("stay_id", "reservation"),
            **plain("run_id", "line", "booked_on", "arrival"),
            "row_hash": personal(PersonalKind.STAY),
            "name_mark": personal(PersonalKind.NAME),
            "row_sealed": personal(PersonalKind.STAY, sealed=Sealing.ROW),
        },
        kept=Kept.IMPORT_FILE,
        guests="stay_id in (select id from stay where guest_id = any(%(guests)s::uuid[]) "
        "union all select id from contact_row where guest_id = any(%(guests)s::uuid[]))",
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="import_reject",
        what="Rows that could not be read",
        why="Which row of a file was refused and why, in words of ours; of what stood there, the first letters of its "
        "words, or a day that is no birth date.",
        columns=plain("run_id", "line", "field", "reason", "value"),
        kept=Kept.IMPORT_FILE,
        dropped="run_id in (select id from import_run where ended_at < %(before)s)",
    ),
    Table(
        name="import_run",
        what="Imports",
        why="What an import did, in numbers; of each column, codes and words that stood in several rows.",
        columns=plain("id", "source", "started_at", "ended_at", "counts"),
        kept=Kept.IMPORT_FILE,
        dropped="ended_at < %(before)s",
    ),
    Table(
        name="feed_day",
        what="Days on which a source told of a hotel",
        why="A source that falls silent is noticed.",
        columns=plain("property", "source", "day"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="cleaning",
        what="How far stored addresses and numbers are cleaned",
        why="What earlier versions stored is brought to its clean spelling once.",
        columns={**plain("id", "done_at"), **key("after")},
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="import_file",
        what="Files handed in",
        why="Which file was handed in by whom, how it was read and what came of it.",
        columns={
            **plain("id", "source", "name", "place", "digest", "bytes", "origin", "handed_in_at", "properties"),
            **plain("repeat_key", "mapping", "state", "waiting", "entered", "starts", "run_id", "counts", "problems"),
            **plain("started_at", "ended_at"),
            **colleague("handed_in_by"),
        },
        kept=Kept.IMPORT_FILE,
        dropped="ended_at < %(before)s",
    ),
    Table(
        name="import_mapping",
        what="How files are read",
        why="Which column of a source's files means what.",
        columns={**plain("source", "mapping", "saved_at"), **colleague("saved_by")},
        kept=Kept.INSTALLATION,
    ),
)
IMPORT_STORES = (
    Store(
        name="imports/",
        what="Files waiting for their import",
        why="A file lies here, or sealed in an object store where one is set, from its arrival until its last row is "
        "entered; then it is removed.",
        kept=Kept.IMPORT_FILE,
        erased="Removed at the end of the import, failed ones and drafts when their term has passed. A row of an "
        "erased guest in a file that is read later makes a stay without a guest.",
    ),
    Store(
        name="watched/",
        what="The watched folder, where one is set",
        why="Whoever owns the folder puts files here to be read; those that were read lie in its `done` and `failed`.",
        kept=Kept.IMPORT_FILE,
        erased="What lies there is its owner's to remove. A row of an erased guest, read again, makes a stay without a "
        "guest.",
    ),
)
