"""Console owns properties and the audit trail, and counts what the services say they did.

It hears audit.recorded and guest.forgotten from every service, what becomes of messages, and the launch of journeys.
It says property.changed.
"""
