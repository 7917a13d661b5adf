"""Figures as pages read them: counted at night, and the guests behind one."""
