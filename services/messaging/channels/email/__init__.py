"""E-mail: an SMTP server, MIME made by hand, plain text and HTML from one body."""
