"""How often guests are to come again: fitted every month, and tested on who came."""
