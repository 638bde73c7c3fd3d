"""What sources say they send, and to which functions."""
