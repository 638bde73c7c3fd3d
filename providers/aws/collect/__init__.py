"""What is asked of an account, and in which order."""
