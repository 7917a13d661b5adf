"""What the body of a mail is made of: each kind of block is a module that says what may stand in it and how it looks.

A body is a list of blocks, each a mapping of its kind to what is in it, beside it `when` it is shown:

- heading: {text: "{{ hotel.name }} is waiting"}
- text: {text: "Your room is **ready** from 15:00."}
- button: {label: Tell us, link: links.survey}
  when: [{of: stay.nights, is: at_least, to: 3}]

A text alone is a paragraph without marks. Mails are drawn by MJML when a template is first used; what a marketer wrote
never passes through it: it stands in the drawn mail at numbered places (`slots.py`), filled in guest by guest.
"""
