"""SQL that loads and saves feedback's nouns and what it has heard."""
