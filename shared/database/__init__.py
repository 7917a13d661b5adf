"""PostgreSQL: the pool, a dedicated connection, arrays as literals, migrations."""
