"""What a flood could cost: list prices, the limits that bound spend, and the ceiling that follows from both."""
