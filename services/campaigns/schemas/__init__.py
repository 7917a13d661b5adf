"""Outside data to what commands take; past this desk the values are true."""

from services.campaigns.schemas.reading import overridden, parse, validated

__all__ = ["overridden", "parse", "validated"]
