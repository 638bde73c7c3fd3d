"""Checks for invocations without a bound on what they cost."""
