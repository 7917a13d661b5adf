"""Feedback owns replies, survey answers and the cases that people look after.

It hears messages, stays, guests, tasks and properties, so that it knows whose answer comes in and to what. It says
reply.received, survey.answered, optout.requested, case.opened and case.closed.
"""
