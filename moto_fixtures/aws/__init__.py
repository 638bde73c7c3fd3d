"""A local AWS: moto, completed at the HTTP level where it differs from the real service."""
