"""Campaigns owns journeys and their versions, enrolments with their timers, goals, and what was asked of messaging.

It hears who entered or left an audience, what became of stays, guests, messages, surveys and cases. It says
message.requested, message.withdrawn, journey.launched and goal.reached. The extra room `shipped` holds the journeys
that come with Guestloop.
"""
