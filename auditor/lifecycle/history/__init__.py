"""What is remembered of past runs: their figures, and from when to when each finding was open."""
