"""Reads Google Cloud's answers into the cross-cloud model: pure, no SDK, facts known, or unknown with the reason."""

from providers.gcp.normalize.inventory import normalize

__all__ = ["normalize"]
