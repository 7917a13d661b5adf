"""Warnings: what is watched, and when it lies outside what chance explains."""
