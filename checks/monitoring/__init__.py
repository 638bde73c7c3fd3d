"""Checks for evidence that is missing when it is needed."""
