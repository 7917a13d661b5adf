"""Who gets in where: every route of every service, as everybody who may knock."""
