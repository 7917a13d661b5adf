"""SQL that loads and saves journeys, enrolments, messages and copies of what others publish.

More than fifteen modules: each is named by what its tables hold.
"""
