"""Campaigns owns journeys and their versions, enrolments with their timers, goals, and the messages it requested.

It subscribes to who entered or left an audience and to what became of stays, guests, messages, surveys and cases. It
publishes requests for messages, withdrawals and launches. Two rooms are its own: `steps`, the kinds of step
and of the other parts of a journey's document, and `shipped`, the journeys that come with Guestloop.
"""
