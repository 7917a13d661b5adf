"""What becomes of sign-up forms and of what guests send by them."""
