"""Which third-party libraries a package holds, by what package managers leave in it."""
