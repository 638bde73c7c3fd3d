"""Checks for identities that may do more than their function needs."""
