"""The contract of what adds facts from inside a package: it gets the package's bytes, and its answer is recorded.

A provider knows where a package can be fetched; an enricher knows what is in it. What it answers is recorded as the
body of an operation of the provider, so that it is replayed, denied and damaged like any answer of a cloud.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from auditor.model.capture import Json
from auditor.model.observed import GapReason

PACKAGES: Final = "packages"
"""The tier of calls whose answers' code is fetched and analysed; what ``--with-code`` asks for."""


@dataclass(frozen=True, slots=True)
class PackageSource:
    """A package that can be fetched.

    ``sha256`` is the digest that the cloud gives, in hexadecimal; "" where it gives none. ``handler`` is the entry
    point as it is configured. ``fetch`` writes the package into a file, no more bytes than it is told, and raises
    EnrichmentError where it cannot. It may hold a signed address: it is never kept.
    """

    name: str
    sha256: str
    handler: str | None
    fetch: Callable[[Path, int], None]


class EnrichmentError(Exception):
    """Why there is no answer about a package."""

    def __init__(self, reason: GapReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class Enricher(Protocol):
    """Looks into packages. Thread-safe."""

    def package(self, source: PackageSource) -> Json:
        """What is in a package, as JSON to be recorded. Raises EnrichmentError."""

    def close(self) -> None:
        """Ends what it started."""
