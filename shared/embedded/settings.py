"""The settings our own PostgreSQL runs with."""

from __future__ import annotations

from pathlib import Path

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "160",  # every role by itself, as the tests run them, and what people open
    "timezone": "UTC",
    "log_timezone": "UTC",
    # modest: the whole demo at rest stays below 600 MB
    "shared_buffers": "256MB",  # of which a small home touches a part only
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "io_method": "sync",
    # rows that no «order by» sorts still come in the same order every time
    "max_parallel_workers_per_gather": "0",
    "synchronize_seqscans": "off",
    "jit": "off",
    "autovacuum_naptime": "5s",  # tables that were empty a minute ago need statistics soon, not in a minute
    # but while an import fills them, not again before they have doubled
    "autovacuum_analyze_scale_factor": "1",
    "autovacuum_vacuum_scale_factor": "0.5",
    # a sample of 7,500 rows plans as well as one of 30,000, which was a tenth of an import's time
    "default_statistics_target": "25",
    "autovacuum_vacuum_insert_scale_factor": "1",
    # imports come in bulk; there is nobody to replicate to
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # a guest's data is in details, contexts and statements: none of them is logged
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}

ARCHIVED = {
    "wal_level": "replica",  # an import writes more of a log then
    "max_wal_senders": "6",
    "summarize_wal": "on",  # what changed since a backup
    "max_slot_wal_keep_size": "4GB",  # rather a gap in the backups than a full disc
}

THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "60s",  # who throws a home away looks after its statistics and is gone before it bloats
    "enable_seqscan": "off",  # every table is empty at first; what is planned for that must hold when it is not
}


def settings(socket: Path, *, durable: bool, archived: bool = False) -> dict[str, str]:
    """Every setting by name; `durable=False` trusts that nobody needs the data after a crash, `archived` keeps a log by
    which the server can be backed up.
    """
    kept = {**ALWAYS, "unix_socket_directories": str(socket), **({} if durable else THROWN_AWAY)}
    return {**kept, **ARCHIVED} if archived else kept
