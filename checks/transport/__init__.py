"""What crosses networks in the clear, or further than it needs to."""
