"""The kiosk as colleagues see it: started, ended, and a guest handed over to it."""
