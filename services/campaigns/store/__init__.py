"""SQL that loads and saves journeys, enrolments, messages and copies of what others publish."""
