"""Providers: the code that talks to clouds, and the pure code that reads their answers."""
