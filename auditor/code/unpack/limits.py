"""How much of a package is read. A package beyond a limit is refused or read in part, and the analysis says so."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one package. Sizes are bytes.

    The largest package AWS Lambda takes is 250 MiB unzipped; the default leaves room above it.
    """

    compressed: int = 260 << 20
    unpacked: int = 300 << 20
    entries: int = 65_000
    directory: int = 24 << 20
    """Bytes of an archive's own table of contents."""
    file: int = 100 << 20
    path: int = 4_096
    ratio: int = 200
    """How many times larger than its archive the content may be, from ``ratio_from`` on."""
    ratio_from: int = 64 << 20


LIMITS: Final = Limits()


class RefusedPackageError(Exception):
    """A package of which nothing is read; the text says why, in words of ours."""
