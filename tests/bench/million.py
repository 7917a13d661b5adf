"""A large export: `python -m tests.bench.million [rows]`, by default 1,000,000 generated reservations.

Imported until every outbox and mailbox is empty, then the same file again; measured as in the section before. Aims on
two cores: the import under 360 s and 1,200 MB for all processes together.
"""

from __future__ import annotations

from tests.bench.engine import main
from tests.bench.ground import count_given

if __name__ == "__main__":
    main(count_given(1_000_000))
