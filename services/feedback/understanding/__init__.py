"""What a guest's words mean: a score, an objection, a wish to come back, a complaint, their topics and feeling.

One pure entry, `understand`; `be_ready` does beforehand what the first text would wait for. What is known of a language
stands in `languages/<code>.yaml`, which a translator can read and mend; the modules here hold no word of any language.
Everything understood names the words it rests on.
"""

from __future__ import annotations

from services.feedback.understanding.house_words import NO_WORDS, HouseWords
from services.feedback.understanding.reading import understand
from services.feedback.understanding.ready import be_ready
from services.feedback.understanding.understood import CaseFor, Kind, Score, Understood

__all__ = ["NO_WORDS", "CaseFor", "HouseWords", "Kind", "Score", "Understood", "be_ready", "understand"]
