"""The facts themselves, one module a family, and the days that birthdays fall on."""
