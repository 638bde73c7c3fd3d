"""Reads Azure answers into the cross-cloud model: pure, no SDK, and every fact known or unknown with its reason."""

from providers.azure.normalize.inventory import normalize

__all__ = ["normalize"]
