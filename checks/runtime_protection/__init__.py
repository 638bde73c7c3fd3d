"""Checks for what runs, and where its results go, beyond the deployed version."""
