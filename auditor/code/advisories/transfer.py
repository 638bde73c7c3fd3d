"""Fetches files over HTTPS: resumed where they broke off, verified, never larger than allowed."""

import hashlib
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from auditor.errors import UsageError

_CHUNK: Final = 1 << 20
_TIMEOUT: Final = 60
_TRIES: Final = 4
_LARGEST: Final = 2 << 30
_PARTIAL: Final = 206
_UNCHANGED: Final = 304
_BEYOND: Final = 416


class TransferError(Exception):
    """A file that could not be fetched whole; the text says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched whole. ``etag`` is by what the server knows it."""

    path: Path
    etag: str


def fetch(url: str, path: Path, known: str = "") -> Fetched | None:
    """Fetches ``url`` into ``path``; None where the server says that ``known`` is still its etag.

    What is there of an earlier try is kept beside it, and gone on with where the server still has the same file.
    Raises TransferError.
    """
    _check(url)
    part, tag = path.with_suffix(".part"), path.with_suffix(".etag")
    failure = ""
    for _ in range(_TRIES):
        try:
            fetched = _try(url, part, tag, known)
            if fetched is None:
                return None
            part.replace(path)
            tag.unlink(missing_ok=True)
            return Fetched(path, fetched)
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as broken:
            failure = _said(broken)
            if isinstance(broken, urllib.error.HTTPError) and broken.code < 500 and broken.code != _BEYOND:
                break
    raise TransferError(f"{url}: {failure}")


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise UsageError(f"{url}: advisories are fetched over https only.")


def _said(broken: Exception) -> str:
    if isinstance(broken, urllib.error.HTTPError):
        return f"the server answered {broken.code}"
    return f"it could not be fetched ({type(broken).__name__})"


def _try(url: str, part: Path, tag: Path, known: str) -> str | None:
    """One try; the etag, or None where nothing changed. What came is in ``part`` in any case."""
    begun = part.stat().st_size if part.exists() and tag.exists() else 0
    headers = {"If-None-Match": known} if known and not begun else {}
    if begun:
        headers |= {"Range": f"bytes={begun}-", "If-Range": tag.read_text()}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - https, or this machine
    try:
        answer = cast("HTTPResponse", urllib.request.urlopen(request, timeout=_TIMEOUT))  # noqa: S310 - the same
    except urllib.error.HTTPError as said:
        if said.code == _UNCHANGED:
            return None
        if said.code == _BEYOND:
            part.unlink()
        raise
    with answer:
        etag = answer.headers.get("ETag", "")
        tag.write_text(etag)
        going_on = answer.status == _PARTIAL
        expected = _length(answer) + (begun if going_on else 0)
        with part.open("ab" if going_on else "wb") as target:
            while chunk := answer.read(_CHUNK):
                target.write(chunk)
                if target.tell() > _LARGEST:
                    raise TransferError(f"{url}: it is larger than {_LARGEST >> 30} GiB")
        _verify(url, part, expected, answer.headers.get("x-goog-hash", ""))
    return etag


def _length(answer: HTTPResponse) -> int:
    return int(answer.headers.get("Content-Length") or 0)


def _verify(url: str, part: Path, expected: int, hashes: str) -> None:
    """Compares length and, where the server gives one, the MD5 sum: it guards against damage, not against forgery."""
    if expected and part.stat().st_size != expected:
        raise ConnectionError(f"{url}: it broke off")
    wanted = [each.strip().removeprefix("md5=") for each in hashes.split(",") if each.strip().startswith("md5=")]
    if wanted:
        with part.open("rb") as source:
            got = b64encode(hashlib.file_digest(source, lambda: hashlib.md5(usedforsecurity=False)).digest()).decode()
        if got != wanted[0]:
            part.unlink()
            raise ConnectionError(f"{url}: it arrived damaged")
