"""Published advisories in the OSV format: a local store, which versions they are about, how grave they are."""
