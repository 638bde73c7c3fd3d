"""Reading what a cloud answered, in one way for all clouds: no SDK, and no cloud's own words."""
