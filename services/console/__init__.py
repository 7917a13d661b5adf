"""Console owns accounts, keys of programs, properties and the audit trail, and counts what the services say they did.

It hears audit.recorded and guest.forgotten from every service, what becomes of messages, and the launch of journeys.
It says property.changed and access.changed. Its pages are the way in, home, and what administrators and operators need.
"""
