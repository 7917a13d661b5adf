"""Sign-up forms: their wording, their codes to print, and the sign-ups that people decide about."""
