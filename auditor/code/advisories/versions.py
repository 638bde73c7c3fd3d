"""Orders versions as their ecosystems do."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from packaging.version import InvalidVersion, Version
from univers.versions import (
    ComposerVersion,
    GolangVersion,
    MavenVersion,
    NugetVersion,
    RubygemsVersion,
    SemverVersion,
)
from univers.versions import InvalidVersion as OtherInvalidVersion


class UnorderedVersionError(Exception):
    """A version that its ecosystem's rules cannot place."""


_MAVEN_RELEASE: Final = re.compile(r"[.-](release|final|ga)$", re.IGNORECASE)
_NO_DIGIT: Final = re.compile(r"[^1-9]+")
_GO_BUILD: Final = re.compile(r"\+(?!$).*$")


def _semantic(text: str) -> Any:
    core = text.lstrip("vV=")
    if not re.match(r"\d+(\.\d+){0,2}(?:[-+]|$)", core):
        raise ValueError(text)
    head = re.split(r"[-+]", core, maxsplit=1)[0]
    padded = ".".join([*head.split("."), "0", "0"][:3]) + core[len(head) :]
    return SemverVersion(padded)


_PARSERS: Final[dict[str, Callable[[str], Any]]] = {
    "PyPI": Version,
    "npm": _semantic,
    "crates.io": _semantic,
    "Maven": lambda text: MavenVersion(_MAVEN_RELEASE.sub("", text)),
    "NuGet": NugetVersion,
    "Go": lambda text: GolangVersion(_GO_BUILD.sub("", text if text.startswith("v") else f"v{text}")),
    "RubyGems": RubygemsVersion,
    "Packagist": ComposerVersion,
}
ECOSYSTEMS: Final = tuple(_PARSERS)


@lru_cache(maxsize=65_536)
def _parsed(ecosystem: str, text: str) -> Any:
    try:
        return _PARSERS[ecosystem](text)
    except (InvalidVersion, OtherInvalidVersion, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def version(ecosystem: str, text: str) -> Any:
    """A version that can be compared with others of its ecosystem. Raises UnorderedVersionError."""
    parsed = _parsed(ecosystem, text)
    if parsed is None:
        raise UnorderedVersionError(f"{ecosystem} version {text!r}")
    return parsed


@lru_cache(maxsize=65_536)
def digits(text: str) -> str:
    """The digits of a version but for zeros and build metadata: the same in every spelling of one version."""
    return _NO_DIGIT.sub("", text.partition("+")[0])


def same(ecosystem: str, one: str, other: str) -> bool:
    """Whether two texts are one version."""
    if one == other:
        return True
    first, second = _parsed(ecosystem, one), _parsed(ecosystem, other)
    return first is not None and second is not None and bool(first == second)
