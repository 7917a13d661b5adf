"""A mail that was written elsewhere, as HTML or MJML, read: as source, and as our blocks where it can be.

Nothing is dropped in silence: `reading` hands back, beside the mail, what was left out of it and why, line by line.
"""
