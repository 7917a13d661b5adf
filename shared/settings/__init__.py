"""Every `GUESTLOOP_…` variable, declared once, and how a process reads them.

A setting is a value: `installation.BROKER.read(environment)`. README's table and deploy/example.env are
printed from the same declarations (`make docs`).
"""
