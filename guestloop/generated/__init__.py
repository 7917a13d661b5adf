"""An invented PMS export: guests who do not exist, with the stays, the spellings and the dirt of those who do."""
