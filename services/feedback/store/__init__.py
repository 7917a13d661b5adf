"""SQL that loads and saves feedback's nouns and what it keeps of other services' events."""
