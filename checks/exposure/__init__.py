"""Checks for what lets strangers reach a function or what belongs to it."""
