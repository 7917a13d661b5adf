"""Settings of how messages leave: e-mail, text messages and WhatsApp, and their providers."""

from __future__ import annotations

from shared.crypto.mail_addresses import BackAddress
from shared.settings.setting import (
    SetBy,
    Setting,
    address,
    host_and_port,
    names,
    one_of,
    port,
    resolvers,
    secure_address,
    whole_number,
)

EMAIL = Setting(
    "GUESTLOOP_EMAIL",
    "`sandbox` (nothing is sent) or `smtp`",
    one_of("sandbox", "smtp"),
    "",
    "smtp",
    "messaging",
    default_text="the sandbox, until the house goes live on its pages",
)
SMTP_HOST = Setting("GUESTLOOP_SMTP_HOST", "the mail server", str, "", "smtp.example.com", "messaging")
SMTP_PORT = Setting("GUESTLOOP_SMTP_PORT", "the mail server's port", port, 587, "587", "messaging")
SMTP_SECURITY = Setting(
    "GUESTLOOP_SMTP_SECURITY",
    "`starttls`, `tls` or `none`",
    one_of("starttls", "tls", "none"),
    "starttls",
    "starttls",
    "messaging",
)
SMTP_USER = Setting(
    "GUESTLOOP_SMTP_USER", "the user at the mail server, if it asks for one", str, "", "guestloop", "messaging"
)
SMTP_PASSWORD = Setting(
    "GUESTLOOP_SMTP_PASSWORD", "that user's password", str, "", "secret", "messaging", set_by=SetBy.SECRET
)
SMTP_CONNECTIONS = Setting(
    "GUESTLOOP_SMTP_CONNECTIONS",
    "connections that each sender keeps to the mail server: so many mails are under way at once",
    whole_number(1),
    10,
    "10",
    "messaging",
)
EMAIL_RATE = Setting(
    "GUESTLOOP_EMAIL_RATE",
    "mails a second at most, of all senders together; 0: as fast as the mail server takes them",
    whole_number(0),
    0,
    "50",
    "messaging",
)
MAIL_FROM = Setting("GUESTLOOP_MAIL_FROM", "from whom e-mails come", str, "", "hello@hotel.example.com", "messaging")
MAIL_REPLY_TO = Setting(
    "GUESTLOOP_MAIL_REPLY_TO",
    "where replies go",
    str,
    "",
    "front-desk@hotel.example.com",
    "messaging",
)
MAIL_BOUNCES = Setting(
    "GUESTLOOP_MAIL_BOUNCES",
    "where returned mail goes",
    str,
    "",
    "bounces@hotel.example.com",
    "messaging",
    default_text="`GUESTLOOP_MAIL_FROM`",
)
MAIL_BACK: Setting[BackAddress | None] = Setting(
    "GUESTLOOP_MAIL_BACK",
    "where guests' replies and returned mail reach this installation, each message at a signed address `back+…@`; it "
    "goes before the two above",
    BackAddress.read,
    None,
    "back@reply.hotel.example.com",
    "messaging, feedback",
)
DNS_RESOLVERS: Setting[tuple[tuple[str, int], ...]] = Setting(
    "GUESTLOOP_DNS_RESOLVERS",
    "which DNS is asked of the domains that mail is from, `address:port` by commas",
    resolvers,
    (),
    "10.0.0.53:53",
    "messaging",
    default_text="the machine's",
)
MAIL_LISTEN: Setting[tuple[str, int] | None] = Setting(
    "GUESTLOOP_MAIL_LISTEN",
    "`host:port` on which the role `mail` takes mail from your mail server; without it there is none",
    host_and_port,
    None,
    "0.0.0.0:2424",
    "feedback",
)
MAIL_PROTOCOL = Setting(
    "GUESTLOOP_MAIL_PROTOCOL",
    "`lmtp` or `smtp`, as that mail server hands it over",
    one_of("lmtp", "smtp"),
    "lmtp",
    "lmtp",
    "feedback",
)
IMAP_HOST = Setting(
    "GUESTLOOP_IMAP_HOST",
    "the server of the mailbox from which the role `mail` takes what is for it; without it there is none",
    str,
    "",
    "imap.example.com",
    "feedback",
)
IMAP_PORT = Setting("GUESTLOOP_IMAP_PORT", "that server's port", port, 993, "993", "feedback")
IMAP_SECURITY = Setting(
    "GUESTLOOP_IMAP_SECURITY",
    "`tls`, `starttls` or `none`",
    one_of("tls", "starttls", "none"),
    "tls",
    "tls",
    "feedback",
)
IMAP_USER = Setting("GUESTLOOP_IMAP_USER", "the mailbox's user", str, "", "back@reply.hotel.example.com", "feedback")
IMAP_PASSWORD = Setting(
    "GUESTLOOP_IMAP_PASSWORD", "that user's password", str, "", "secret", "feedback", set_by=SetBy.SECRET
)
IMAP_FOLDER = Setting("GUESTLOOP_IMAP_FOLDER", "the folder of the mailbox", str, "INBOX", "INBOX", "feedback")
SES_TOPICS: Setting[frozenset[str]] = Setting(
    "GUESTLOOP_SES_TOPICS",
    "the SNS topics, by commas, by which Amazon SES reports to `/messaging/receipts/ses`; others are not believed",
    names,
    frozenset(),
    "arn:aws:sns:eu-west-1:123456789012:guestloop",
    "messaging",
)
MAILGUN_KEY = Setting(
    "GUESTLOOP_MAILGUN_KEY",
    "the key by which Mailgun signs what it reports to `/messaging/receipts/mailgun`",
    str,
    "",
    "secret",
    "messaging",
    set_by=SetBy.SECRET,
)
POSTMARK_SECRET = Setting(
    "GUESTLOOP_POSTMARK_SECRET",
    "the password that Postmark is given for `https://guestloop:…@…/messaging/receipts/postmark`",
    str,
    "",
    "secret",
    "messaging",
    set_by=SetBy.SECRET,
)
SMS = Setting(
    "GUESTLOOP_SMS",
    "`sandbox` (nothing is sent) or `twilio`",
    one_of("sandbox", "twilio"),
    "",
    "twilio",
    "messaging",
    default_text="the sandbox, until the house goes live on its pages",
)
TWILIO_ACCOUNT = Setting("GUESTLOOP_TWILIO_ACCOUNT", "the account at Twilio", str, "", "AC0123", "messaging, feedback")
TWILIO_TOKEN = Setting(
    "GUESTLOOP_TWILIO_TOKEN",
    "the account's token, which also signs what Twilio sends; without it nothing of that is believed",
    str,
    "",
    "secret",
    "messaging, feedback",
    set_by=SetBy.SECRET,
)
TWILIO_SENDER = Setting(
    "GUESTLOOP_TWILIO_SENDER", "our number or messaging service at Twilio", str, "", "+15005550006", "messaging"
)
TWILIO_CALLBACK = Setting(
    "GUESTLOOP_TWILIO_CALLBACK",
    "where Twilio reports what became of a message, `https://…`",
    secure_address,
    "",
    "https://loop.example.com/messaging/twilio/status#rc=3&rp=all",
    "messaging",
    default_text="`/messaging/twilio/status` of `GUESTLOOP_ORIGIN`, where that is `https://…`",
)
TWILIO_CONNECTIONS = Setting(
    "GUESTLOOP_TWILIO_CONNECTIONS",
    "requests that each sender has under way at Twilio at once",
    whole_number(1),
    10,
    "10",
    "messaging",
)
SMS_RATE = Setting(
    "GUESTLOOP_SMS_RATE",
    "text messages a second at most, of all senders together; 0: as fast as Twilio takes them",
    whole_number(0),
    0,
    "10",
    "messaging",
)
TWILIO_ADDRESS = Setting(
    "GUESTLOOP_TWILIO_ADDRESS",
    "where Twilio's interface is",
    address,
    "https://api.twilio.com",
    "https://api.twilio.com",
    "messaging, feedback",
)
TWILIO_CONTENT_ADDRESS = Setting(
    "GUESTLOOP_TWILIO_CONTENT_ADDRESS",
    "where Twilio tells the texts of approved WhatsApp templates",
    address,
    "https://content.twilio.com",
    "https://content.twilio.com",
    "messaging",
)
WHATSAPP = Setting(
    "GUESTLOOP_WHATSAPP",
    "`sandbox` (nothing is sent) or `twilio`",
    one_of("sandbox", "twilio"),
    "",
    "twilio",
    "messaging",
    default_text="the sandbox, until the house goes live on its pages",
)
TWILIO_WHATSAPP_FROM = Setting(
    "GUESTLOOP_TWILIO_WHATSAPP_FROM",
    "our WhatsApp number, or a messaging service that has one, at Twilio",
    str,
    "",
    "+15005550006",
    "messaging",
)
WHATSAPP_RATE = Setting(
    "GUESTLOOP_WHATSAPP_RATE",
    "WhatsApp messages a second at most, of all senders together; 0: as fast as Twilio takes them",
    whole_number(0),
    0,
    "10",
    "messaging",
)
