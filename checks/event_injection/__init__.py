"""Checks for events whose origin is not proved."""
