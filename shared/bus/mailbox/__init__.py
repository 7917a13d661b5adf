"""The bus of the embedded mode: a mailbox table in each subscriber's database."""
