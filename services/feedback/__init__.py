"""Feedback owns replies, survey answers and the cases that people look after.

It subscribes to messages, stays, guests and properties, so that it knows whose answer arrives and to which message. It
publishes answers, opt-outs and cases.
"""
