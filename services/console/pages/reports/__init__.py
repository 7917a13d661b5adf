"""Reports: the figures of a week or month as a PDF and as a mail, and who gets them."""
