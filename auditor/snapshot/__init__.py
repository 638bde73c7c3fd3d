"""Saved captures: redaction, storage and replay."""
