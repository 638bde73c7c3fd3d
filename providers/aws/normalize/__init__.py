"""Reads AWS answers into the cross-cloud model: pure, no SDK, and every fact known or unknown with its reason."""

from providers.aws.normalize.inventory import normalize

__all__ = ["normalize"]
