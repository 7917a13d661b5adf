"""What an installation keeps beside its tables: files of the home, queues of the broker, logs and backups.

`name` is a pattern as a shell reads it: of a path in the home, or of a queue.
"""

from __future__ import annotations

from shared.personal_data.declaration import Store
from shared.vocabulary.personal_data import Kept

HOME = (
    Store(
        name="postgres/*",
        what="The embedded database's own files",
        why="The tables of all services, where no server is named.",
        kept=Kept.GUEST,
        erased="Rows go with the erasure, which vacuums the tables it wrote: their place is given back or overwritten. "
        "The write-ahead log holds old rows until PostgreSQL uses its files anew, some checkpoints later. "
        "A value that was deleted may be left in a free part of a page until that part is written again.",
    ),
    Store(
        name="keys*",
        what="The key ring",
        why="Addresses, numbers and words are read with it only. It holds no person.",
        kept=Kept.INSTALLATION,
        erased="Nothing of a guest is in it.",
    ),
    Store(
        name="erasure_keys*",
        what="The erasure keys",
        why="By them the erased are known again; they outlive every backup. They hold no person.",
        kept=Kept.ERASURE,
        erased="Nothing of a guest is in it.",
    ),
    Store(
        name="backup_keys*",
        what="The keys of the backups",
        why="Backups are opened by them. They hold no person.",
        kept=Kept.INSTALLATION,
        erased="Nothing of a guest is in it.",
    ),
    Store(
        name="imports/*",
        what="Files waiting for their import",
        why="A file lies here from its arrival until its last row is entered; where an object store keeps files, "
        "while it is received or read.",
        kept=Kept.IMPORT_FILE,
        erased="Removed at the end of the import.",
    ),
    Store(
        name="demo/*",
        what="The demonstration's invented guests",
        why="The demonstration is made of an invented export, and shows how to sign in.",
        kept=Kept.INSTALLATION,
        erased="Nobody in it is real.",
    ),
    Store(
        name="erasures*",
        what="The list of erasures",
        why="A restored backup would bring erased guests back: the list is replayed first. It holds numbers that stand "
        "for nobody, and hashes under the erasure key.",
        kept=Kept.ERASURE,
        erased="It stays: it is the proof that a guest was erased.",
    ),
)
QUEUES = (
    Store(
        name="*.*.stay",
        what="Queues of events about stays, answers and erasures",
        why="Events wait here for their subscriber, for moments while everything runs.",
        kept=Kept.PUBLISHED,
        erased="An event that arrives after the erasure finds the guest's tombstone and leaves nothing behind.",
    ),
    Store(
        name="*.*.marketing",
        what="Queues of events about campaigns and imports",
        why="Events wait here for their subscriber, for moments while everything runs.",
        kept=Kept.PUBLISHED,
        erased="An event that arrives after the erasure finds the guest's tombstone and leaves nothing behind.",
    ),
    Store(
        name="*.dead",
        what="Queues of events that a consumer could not take",
        why="They are drained into the dead letters of their service.",
        kept=Kept.DEAD_LETTER,
        erased="As dead letters, once they are drained: an erased guest is cut out where they arrive.",
    ),
)
ELSEWHERE = (
    Store(
        name="logs",
        what="Logs",
        why="What roles do and why they stop, on standard output.",
        kept=Kept.RECEIVED,
        erased="No name, address, number or word of a guest is logged, only numbers that stand for nobody afterwards.",
    ),
    Store(
        name="exports",
        what="Exports",
        why="Written by `guestloop export` into a folder that its owner names.",
        kept=Kept.IMPORT_FILE,
        erased="They are their owner's to remove.",
    ),
    Store(
        name="backups",
        what="Backups of the databases",
        why="A lost disc or a wrong command is mended by them. The role `backup` makes them where it is set, sealed "
        "under keys of their own. Open are the newest segment of the log, at most 16 MB, until it is full, and a "
        "restored server while a backup is verified; dumps are their owner's.",
        kept=Kept.BACKUP,
        erased="A backup stays as it was until its time is over; `guestloop restored` erases again what was erased "
        "since, before anything is sent.",
    ),
)
INSTALLATION = (*HOME, *QUEUES, *ELSEWHERE)
