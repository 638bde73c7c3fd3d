"""Connections that trust the authorities they were told to, and nobody else."""

from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter


class Trusting(HTTPAdapter):
    """Checks certificates against the given authorities, whatever the environment or the caller says.

    A session's own setting loses to REQUESTS_CA_BUNDLE, and the SDK's calls pass none.
    """

    def __init__(self, verify: str | bool, connections: int) -> None:
        self._trusted = verify
        super().__init__(pool_connections=64, pool_maxsize=max(connections, 1), max_retries=0)

    def send(self, request: PreparedRequest, *args: Any, **rest: Any) -> Response:
        """Sends a request, with our authorities where we were given any."""
        if isinstance(self._trusted, str):
            rest["verify"] = self._trusted
        return super().send(request, *args, **rest)


def trust(session: Session, verify: str | bool, connections: int) -> None:
    """Gives a session such connections. Nothing is retried here: retries are counted by the gateway."""
    adapter = Trusting(verify, connections)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
