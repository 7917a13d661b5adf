"""The SQL of evaluation: facts, rules compiled into one statement, memberships, the sweep."""
