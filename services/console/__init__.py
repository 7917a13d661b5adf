"""Console owns accounts, API keys, properties and the audit trail, and counts what the services send.

It subscribes to audit.recorded and guest.forgotten of every service, to messages, and to the launch of journeys. It
publishes property.changed and access.changed. Its pages are the way in, home, and what administrators and operators
need.
"""
