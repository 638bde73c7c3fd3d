"""Settings of the function, its secrets, network and storage that make an attack easier or worse."""
