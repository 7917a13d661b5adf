"""Feedback owns replies, survey answers and the cases that people look after.

It subscribes to messages, stays, guests and properties, so that it knows whose answer arrives and to which message. It
publishes answers, opt-outs and cases, and what mail that came in says of messages.

Rooms beside the usual ones: `mail` (what a mail is, from its bytes alone), `mail_role` (takes mail in by SMTP, LMTP and
IMAP).
"""
