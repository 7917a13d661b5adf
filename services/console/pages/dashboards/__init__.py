"""Dashboards: begun, looked at, put together."""
