"""Connections to Google Cloud: requests' adapter, reading bounded bodies."""

from requests.adapters import HTTPAdapter

from providers.calls.http_adapter import BoundedAdapter


class Adapter(BoundedAdapter, HTTPAdapter):
    """See :class:`providers.calls.http_adapter.BoundedAdapter`."""
