"""The editor of a mail's blocks: what each kind is called and made of, the list of them as a form that works without a
script, and what the script that makes it smooth is told.
"""
