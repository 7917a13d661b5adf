"""Pictures of mails: put into the library, described, taken out of it, and read by whoever reads a mail."""
