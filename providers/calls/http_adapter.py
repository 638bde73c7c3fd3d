"""Bounded answers for SDKs on top of requests: a mixin for its adapters. Imports nothing of requests."""

from typing import Any, Final, Self

from providers.calls.body import ENCODINGS, Received, read_body

_HOSTS: Final = 64


class BoundedAdapter:
    """Goes before requests' HTTPAdapter in the bases of a class: bodies are read here, within limits.

    ``trusted``, where it is a path, names the only certificate authorities, whatever the environment or the caller
    says: a session's own setting loses to REQUESTS_CA_BUNDLE, and some calls of the SDKs pass none.
    """

    trusted: str | bool = True

    @classmethod
    def mount(cls, session: Any, trusted: str | bool, width: int) -> Self:
        """Gives a session such connections, ``width`` to each host. They retry nothing: the caller counts retries."""
        adapter = cls(pool_connections=_HOSTS, pool_maxsize=max(width, 1), max_retries=0)  # type: ignore[call-arg]
        adapter.trusted = trusted
        for scheme in ("http://", "https://"):
            session.mount(scheme, adapter)
        return adapter

    def send(self, request: Any, *args: Any, **rest: Any) -> Any:
        """Sends a request. Raises what the adapter and :func:`providers.calls.body.read_body` raise."""
        if isinstance(self.trusted, str):
            rest["verify"] = self.trusted
        request.headers["Accept-Encoding"] = ENCODINGS
        response = super().send(request, *args, **{**rest, "stream": True})  # type: ignore[misc]
        response.raw = Received(read_body(response.raw, response.headers))
        return response
