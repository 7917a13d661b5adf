"""Approved texts of WhatsApp: what is sent in for approval, and what Twilio tells of what was approved."""
