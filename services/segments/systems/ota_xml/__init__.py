"""OTA and HTNG XML: channel managers and booking engines post whole reservations, and are answered in the standard's
words.

A message may hold card numbers. They are cut out of the document before anything else is looked at, kept nowhere and
repeated nowhere. A document with a DTD is refused: none of the standard's has one, and all bombs do.
"""
