"""SQL that loads and saves journeys, enrolments, messages and what was heard."""
