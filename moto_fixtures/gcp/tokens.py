"""Who is calling: Google's token endpoint, and whether a bearer token is one it gave out."""

import secrets
import threading
from urllib.parse import parse_qs

from moto_fixtures.emulation.wire import Answer
from moto_fixtures.gcp.errors import unauthenticated
from moto_fixtures.gcp.wire import Call, answer

TOKEN_PATH = "/token"
_IMPERSONATION = ":generateAccessToken"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SECONDS = 3600
_SEGMENTS = 3


class Tokens:
    """The tokens given out. ``required`` refuses calls that bring none; else anybody may ask, token or not."""

    def __init__(self) -> None:
        self.required = False
        self._given: set[str] = set()
        self._withdrawn = False
        self._lock = threading.Lock()

    def concerns(self, call: Call) -> bool:
        """Whether a request is for a token rather than for a service."""
        return call.method == "POST" and (call.path == TOKEN_PATH or call.path.endswith(_IMPERSONATION))

    def give(self, call: Call) -> Answer:
        """A token for a signed assertion, or for an account that the caller may act as."""
        if call.path.endswith(_IMPERSONATION):
            self.check(call, "iamcredentials.googleapis.com")
            return answer({"accessToken": self._new(), "expireTime": "2099-01-01T00:00:00Z"})
        form = {name: values[-1] for name, values in parse_qs(call.body.decode("latin-1")).items()}
        if form.get("grant_type") != _GRANT or not _signed(form.get("assertion", "")):
            return answer({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
        return answer({"access_token": self._new(), "expires_in": _SECONDS, "token_type": "Bearer"})

    def withdraw(self) -> None:
        """Makes every token given out so far, and every self-signed one, a thing of the past."""
        with self._lock:
            self._given.clear()
            self._withdrawn = True

    def check(self, call: Call, host: str) -> None:
        """Raises UNAUTHENTICATED for a call whose token is needed and missing, or not good any more."""
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if not token and not self.required:
            return
        if kind != "Bearer" or not token:
            raise unauthenticated(host, "CREDENTIALS_MISSING")
        with self._lock:
            good = token in self._given or (_signed(token) and not self._withdrawn)
        if not good:
            raise unauthenticated(host)

    def _new(self) -> str:
        token = "ya29." + secrets.token_urlsafe(24)
        with self._lock:
            self._given.add(token)
        return token


def _signed(token: str) -> bool:
    """Whether a text has the parts of a signed token; the signature itself is not looked at."""
    return len(token.split(".")) == _SEGMENTS and all(token.split("."))
