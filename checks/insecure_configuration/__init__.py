"""Configuration of the function, its secrets, network and storage that increases the risk or the impact of an attack."""
