"""Backups of a whole PostgreSQL server by its own tools, sealed, and each tried by a restore.

`house` is the server that is backed up, `folder` where backups lie and what each notes of itself. `wal` receives the
write-ahead log, `take` takes a base backup, `point` counts rows at a point of the log, `recover` brings a backup to a
point, `check` compares the counts there, `restore` leaves a data folder for a server to start with, `keeping` says what
goes, `role` does all of it by the clock.

A backup is whole or it is none: it is written under a name that ends in `.part` and renamed when its last byte and the
log that it needs have reached the disc. It is *verified* once a server was started from it and every table held as many
rows as were counted; only then does its age count.
"""
