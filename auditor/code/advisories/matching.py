"""Whether a version falls under an advisory, by the rules of the OSV schema."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cmp_to_key, partial
from typing import Any, Final

from auditor.code.advisories.versions import UnorderedVersionError, digits, same, version

_COMPARED: Final = frozenset({"SEMVER", "ECOSYSTEM"})
_FIRST: Final = "0"


def affected(record: Mapping[str, Any], ecosystem: str, name: str, installed: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a version of a package falls under a record, and the versions that mend it.

    A version is affected where it is listed, or lies in a range. Raises UnorderedVersionError where only a comparison
    could tell and the version cannot be compared.
    """
    if record.get("withdrawn"):
        return False, ()
    hit, fixes, unordered = False, list[str](), False
    for entry in entries(record, ecosystem, name):
        try:
            ranges = [each for each in _objects(entry.get("ranges")) if each.get("type") in _COMPARED]
            listed = entry.get("versions")
            if (isinstance(listed, list) and _listed(ecosystem, listed, installed)) or any(
                _within(ecosystem, _objects(each.get("events")), installed) for each in ranges
            ):
                hit = True
        except UnorderedVersionError:
            unordered = True
        fixes += _fixes(entry)
    if unordered and not hit:
        raise UnorderedVersionError(f"{ecosystem} {name} {installed}")
    return hit, tuple(dict.fromkeys(fixes)) if hit else ()


def _listed(ecosystem: str, listed: list[object], installed: str) -> bool:
    if installed in listed:
        return True
    wanted = digits(installed)
    return any(same(ecosystem, text, installed) for each in listed if digits(text := str(each)) == wanted)


def entries(record: Mapping[str, Any], ecosystem: str, name: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a record about a package."""
    wanted = comparable(ecosystem, name)
    for entry in _objects(record.get("affected")):
        package = entry.get("package")
        if not isinstance(package, Mapping):
            continue
        if (
            str(package.get("ecosystem", "")).partition(":")[0] == ecosystem
            and comparable(ecosystem, str(package.get("name", ""))) == wanted
        ):
            yield entry


def comparable(ecosystem: str, name: str) -> str:
    """A package's name as its ecosystem compares it."""
    if ecosystem == "PyPI":
        return name.lower().replace("_", "-").replace(".", "-")
    return name.lower() if ecosystem in ("NuGet", "Packagist") else name


def _within(ecosystem: str, events: Iterable[Mapping[str, Any]], installed: str) -> bool:
    """Whether a version lies between an ``introduced`` and what ends it, the events in the order of versions."""
    here = version(ecosystem, installed)
    placed = [(kind, str(at)) for event in events for kind, at in event.items() if kind != "limit"]
    inside = False
    for kind, at in sorted(placed, key=cmp_to_key(partial(_order, ecosystem))):
        if kind == "introduced":
            inside = inside or at == _FIRST or not here < version(ecosystem, at)
        elif _ended(kind, here, version(ecosystem, at)):
            inside = False
    return inside


def _ended(kind: str, here: Any, at: Any) -> bool:
    return bool(at < here or (kind == "fixed" and at == here))


def _order(ecosystem: str, one: tuple[str, str], other: tuple[str, str]) -> int:
    if one[1] == other[1]:
        # a range that ends and one that begins at the same version: the end comes first
        return (one[0] == "introduced") - (other[0] == "introduced")
    if _FIRST in (one[1], other[1]):
        return -1 if one[1] == _FIRST else 1
    first, second = version(ecosystem, one[1]), version(ecosystem, other[1])
    return -1 if first < second else int(second < first)


def _fixes(entry: Mapping[str, Any]) -> Iterator[str]:
    for each in _objects(entry.get("ranges")):
        if each.get("type") in _COMPARED:
            yield from (str(event["fixed"]) for event in _objects(each.get("events")) if "fixed" in event)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def smallest_upgrade(ecosystem: str, installed: str, advisories: Iterable[tuple[Mapping[str, Any], str]]) -> str | None:
    """The lowest version above the installed one that none of the advisories is about; None where none is known.

    ``advisories`` are records with the package's name. A candidate is any version that one of them calls fixed.
    """
    pairs = list(advisories)
    found = {
        fix
        for record, name in pairs
        for entry in entries(record, ecosystem, name)
        for fix in _fixes(entry)
        if _later(ecosystem, fix, installed)
    }
    ordered = sorted((("fixed", fix) for fix in found), key=cmp_to_key(partial(_order, ecosystem)))
    for _, candidate in ordered:
        try:
            still = next(
                (at for at, (record, name) in enumerate(pairs) if affected(record, ecosystem, name, candidate)[0]), None
            )
        except UnorderedVersionError:
            continue
        if still is None:
            return candidate
        pairs.insert(0, pairs.pop(still))  # what this version does not mend is asked first of the next one
    return None


def _later(ecosystem: str, candidate: str, installed: str) -> bool:
    try:
        return bool(version(ecosystem, installed) < version(ecosystem, candidate))
    except UnorderedVersionError:
        return False
