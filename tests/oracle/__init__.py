"""An independent oracle: it says from the export alone what every line of a ledger must be.

It reads the reservations and which of them the engine took for one guest, and works out by itself, slowly and plainly,
each message that was due, when, to whom, or for which reason not. It imports nothing of the engine; where both are
wrong in the same way, it is at least not because they share the line that is wrong.
"""

from tests.oracle.compare import compare
from tests.oracle.mismatch import Mismatch

__all__ = ["Mismatch", "compare"]
