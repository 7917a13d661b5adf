"""WhatsApp by Twilio: approved templates at any time, free words within a day after the guest wrote."""
