"""Console owns accounts, API keys, properties and the audit trail, and counts what the services send.

It subscribes to audit.recorded and guest.forgotten of every service, to messages, to the launch of journeys, to
complaints, and to what becomes of notices. It publishes property.changed, access.changed and notice.requested. Its
pages are the way in, home, and what administrators and operators need.
"""
