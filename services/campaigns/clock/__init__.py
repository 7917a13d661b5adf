"""What time alone makes due in campaigns."""

from __future__ import annotations

from services.campaigns.clock.rehearsals import Rehearsals
from services.campaigns.clock.results import Results
from services.campaigns.clock.timers import Timers

__all__ = ["Rehearsals", "Results", "Timers"]
