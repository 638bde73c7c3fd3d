"""Frameworks: their controls, which checks are evidence for each, and what a report says of them."""
