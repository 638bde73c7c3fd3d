"""Fetches a package by an address that a cloud gave: over HTTPS, bounded in bytes and time, following nothing else."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from threading import Event
from time import monotonic
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from auditor.enricher import EnrichmentError
from auditor.model.observed import GapReason

_BLOCK: Final = 1 << 18
_SILENCE: Final = 30
_DEADLINE: Final = 300
_DENIED: Final = frozenset({401, 403})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """A signed address leads to the package or nowhere."""


def download(
    url: str,
    path: Path,
    most: int,
    stop: Event,
    ca_bundle: str | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Writes what is at ``url`` into a file. Raises EnrichmentError, which never tells the address: it is signed.

    ``headers`` are sent there and nowhere else: no redirect is followed.
    """
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise EnrichmentError(GapReason.MALFORMED, "the cloud gave an address of the package that is not https")
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if parts.scheme == "https":
        handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca_bundle)))
    try:
        request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - https, or this machine
        with (
            urllib.request.build_opener(*handlers).open(request, timeout=_SILENCE) as answer,
            path.open("wb") as target,
        ):
            _copy(answer, target, most, stop)
    except urllib.error.HTTPError as refused:
        reason = GapReason.DENIED if refused.code in _DENIED else GapReason.SERVICE_ERROR
        raise EnrichmentError(reason, f"the store of packages answered {refused.code}") from None
    except (urllib.error.URLError, HTTPException, TimeoutError, OSError) as broken:
        raise EnrichmentError(
            GapReason.UNREACHABLE, f"the package could not be fetched ({type(broken).__name__})"
        ) from None


def _copy(answer: Any, target: Any, most: int, stop: Event) -> None:
    ends = monotonic() + _DEADLINE
    written = 0
    while block := answer.read(_BLOCK):
        written += len(block)
        if written > most:
            raise EnrichmentError(GapReason.MALFORMED, f"the package is larger than {most >> 20} MiB")
        if stop.is_set():
            raise EnrichmentError(GapReason.INTERRUPTED, "The run was stopped before the package was fetched.")
        if monotonic() > ends:
            raise EnrichmentError(GapReason.UNREACHABLE, f"the package did not come within {_DEADLINE} s")
        target.write(block)
    if (promised := answer.headers.get("Content-Length")) and int(promised) != written:
        raise EnrichmentError(GapReason.UNREACHABLE, "the package broke off while it was fetched")
