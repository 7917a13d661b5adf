"""SQL that loads and saves console's nouns and what it has heard."""
