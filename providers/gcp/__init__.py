"""The Google Cloud provider: what to ask, how to ask it, and how to read the answers."""
