"""Everything a channel is, one folder a channel; `registry.CHANNELS` lists them all.

- `rules.py`: what the gate asks: hours, which consent suffices, whether an address tells a country.
- `text.py`: its part of a template's document, the limits of a message, and how a text becomes what is sent.
- `settings.py`: the environment that chooses its sender; the sandbox takes its messages where nothing is set.
- the sender itself, and what it needs (`email/smtp.py`, `email/mime.py`, `sms/twilio.py`).
- `templates/reading/<channel>.html` and `templates/writing/<channel>.html`: how the console shows and edits it; a
  channel of a single plain text needs none (`plain.html`).

Beside the folders: what all senders share (`sender`, `keeping`, `sandbox`) and what a text is (`text`).
"""
