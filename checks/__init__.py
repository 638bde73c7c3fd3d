"""Checks, one module each, by risk."""
