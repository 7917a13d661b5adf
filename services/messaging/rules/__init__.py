"""Whether, where and when a message goes: pure, (request, facts, now) → a verdict."""
