"""One access token for every connection: fetched once when it is needed, however many threads wait for it."""

import time
from collections.abc import MutableMapping
from threading import Lock
from typing import Any, Final

from google.auth.credentials import Credentials

_YOUNG_SECONDS: Final = 60.0


class Shared(Credentials):
    """Wraps the credentials that were found, or none at all for an emulator.

    The SDK's own sessions would each fetch a token, several at a time, and look up where the account may be used
    from, which is a call that nobody declared. ``request`` fetches tokens, with our certificate authorities.
    """

    def __init__(self, inner: Any = None, request: Any = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._inner = inner
        self._request = request
        self._lock = Lock()
        self._fetched = float("-inf")

    @property
    def universe_domain(self) -> str:
        """The cloud the credentials are of."""
        return "googleapis.com" if self._inner is None else str(self._inner.universe_domain)

    @property
    def account(self) -> str:
        """Whose credentials they are: the e-mail of a service account, or of a user where the file tells it."""
        names = (getattr(self._inner, name, None) for name in ("service_account_email", "account"))
        return next((name for name in names if isinstance(name, str) and "@" in name), "")

    def before_request(self, request: Any, method: str, url: str, headers: MutableMapping[str, str]) -> None:  # noqa: ARG002 - the SDK's signature
        """Sees to a valid token and puts it into the headers, with the project that is charged."""
        if self._inner is None:
            return
        with self._lock:
            if not self._inner.valid:
                self._fetch()
        self._inner.apply(headers)

    def refresh(self, request: Any) -> None:  # noqa: ARG002 - the SDK's signature
        """Fetches a new token after one was refused, unless it is new already: then asking again helps nobody."""
        if self._inner is None:
            return
        with self._lock:
            if time.monotonic() - self._fetched > _YOUNG_SECONDS:
                self._fetch()

    def _fetch(self) -> None:
        self._inner.refresh(self._request)
        self._fetched = time.monotonic()
