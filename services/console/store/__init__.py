"""SQL that loads and saves console's nouns and what it keeps of other services' events."""
