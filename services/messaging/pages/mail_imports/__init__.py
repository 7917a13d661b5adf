"""A mail from elsewhere: brought, decided on, looked at, made a template of; its pictures fetched when asked for."""
