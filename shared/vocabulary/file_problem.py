"""What keeps a file as a whole from being read, and what it leaves open."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class FileProblem(Term):
    NO_COLUMN = "no_column", N_("No column was found for it: choose one.")
    NEVER_READ = "never_read", N_("This column looks like card or identity numbers, which are never read.")
    DATE_ORDER = "date_order", N_("The dates can be read two ways: say which stands first, the day or the month.")
    DECIMAL_MARK = "decimal_mark", N_("The amounts can be read two ways: say what stands before the decimals.")
    RATING_SCALE = "rating_scale", N_("The ratings fit several scales: say of how many they are.")
    EMPTY = "empty", N_("The file is empty.")
    DAMAGED = "damaged", N_("The file is damaged and cannot be read to its end.")
    NO_HEADER = "no_header", N_("The file has no header: its first line does not end.")
    TOO_WIDE = "too_wide", N_("The file has more columns than are read (300). Export those that are needed.")
    LONG_NAME = "long_name", N_("A column's name is longer than 200 characters: this is no table with a header.")
    UNPACKS_ENDLESSLY = "unpacks_endlessly", N_("The file unpacks to far more than a table can be; it is not read.")
    ENCODING = "encoding", N_("The letters can be read in two ways: say which is right.")
    SHEET = "sheet", N_("The file holds several tables: say which is to be read.")
    HEADING = "heading", N_("Two filled columns bear the same name: say which is meant.")
    NO_SUCH_SHEET = "no_such_sheet", N_("The file holds no table of that name.")
    LOCKED = "locked", N_("The file is locked with a password: save it without one.")
    NO_TABLE = "no_table", N_("This is no table: save it as CSV or as an Excel workbook.")
    NO_MEANING = "no_meaning", N_("This meaning is not known.")
    NO_CONSTANT = "no_constant", N_("This cannot stand for every row.")
    NOT_STARTED = "not_started", N_("Nobody started it within 7 days; the file was removed.")
    GIVEN_UP = "given_up", N_("It was begun %(times)s times and never finished; it is given up.")
