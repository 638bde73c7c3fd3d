"""Checks for functions that fail, lose events or cost more than they should."""
