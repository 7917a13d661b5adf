"""The editor: its forms, the draft as it stands, what is wrong with it and how it differs from what is published."""
