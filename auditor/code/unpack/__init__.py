"""Reads zip and tar archives that may be hostile: in memory, within limits, following nothing."""
