"""Reads the catalogues: sources, sinks and what calls do to a value, one set for each language."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final, Generic, NamedTuple, TypeVar

_Entry = TypeVar("_Entry")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
KINDS: Final = ("keep", "number", "none", "hash", "stops", "resolve", "url", "text", "stored")


class Sink(NamedTuple):
    """A call that does harm with a value from outside."""

    cls: str
    args: tuple[int | str, ...]
    when: str
    doubt: int


class SourceType(NamedTuple):
    """An object that a framework hands in, with the members that come from outside."""

    name: str
    kinds: tuple[str, ...]
    members: frozenset[str]
    text: frozenset[str]


class EntrySpec(NamedTuple):
    """How a framework calls what is registered: the first parameters, and all others."""

    params: tuple[str, ...]
    rest: str
    html: bool


class Effect(NamedTuple):
    """What a call does to a value."""

    kind: str
    cleared: frozenset[str]


def expand(pattern: str) -> Iterator[str]:
    """Spell out `{a,b}`."""
    found = _BRACES.search(pattern)
    if found is None:
        yield pattern
        return
    for one in found.group(1).split(","):
        yield from expand(pattern[: found.start()] + one + pattern[found.end() :])


class Matcher(Generic[_Entry]):
    """Entries by the names of calls; a `*` stands for anything."""

    def __init__(self, entries: Iterable[tuple[str, _Entry]]) -> None:
        self._exact: dict[str, list[_Entry]] = {}
        self._globs: dict[str, list[tuple[re.Pattern[str], _Entry]]] = {}
        self._seen: dict[str, tuple[_Entry, ...]] = {}
        for raw, entry in entries:
            for pattern in expand(raw):
                if "*" not in pattern:
                    self._exact.setdefault(pattern, []).append(entry)
                    continue
                last = pattern.rsplit(".", 1)[-1]
                glob = re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
                self._globs.setdefault("*" if "*" in last else last, []).append((glob, entry))

    def find(self, name: str) -> tuple[_Entry, ...]:
        """All entries of this name, those that name it exactly first."""
        found = self._seen.get(name)
        if found is None:
            globs = [*self._globs.get(name.rsplit(".", 1)[-1], ()), *self._globs.get("*", ())]
            exact = self._exact.get(name, [])
            more = [entry for glob, entry in globs if entry not in exact and glob.fullmatch(name)]
            found = self._seen[name] = (*exact, *more)
        return found


class Catalogue:
    """All that is known of a language's libraries."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.sinks = Matcher(_sinks(_read(f"sinks_{language}.toml")))
        effects = _read(f"effects_{language}.toml")
        self._kinds = Matcher((call, kind) for kind in KINDS for call in effects.get(kind, {}).get("call", ()))
        self._clears = Matcher((call, tuple(one["classes"])) for one in effects["clear"] for call in one["call"])
        self._effects: dict[str, Effect] = {}

    def effect(self, name: str) -> Effect:
        """What a call of this name does to a value; no kind where nothing is known of it."""
        found = self._effects.get(name)
        if found is None:
            kinds = self._kinds.find(name)
            cleared = frozenset(cls for classes in self._clears.find(name) for cls in classes)
            found = self._effects[name] = Effect(kinds[0] if kinds else "text" if cleared else "", cleared)
        return found


class Sources:
    """Where values come in from, for both languages."""

    def __init__(self) -> None:
        raw = _read("sources.toml")
        self._fields = [(path, tuple(one["kinds"])) for one in raw["field"] for path in one["paths"]]
        self._text = frozenset(raw["fields"]["text"])
        self._clean = tuple(raw["fields"]["clean"])
        self._shapes = {name: re.compile(one["words"].encode()) for one in raw["shape"] for name in one["clean"]}
        self._suffixes = tuple(raw["fields"]["clean_suffix"])
        self.types = {one["name"]: _type(one) for one in raw["type"]}
        self.entries = Matcher((name, _entry(one)) for one in raw["entry"] for name in one["on"])
        self._alias = Matcher(raw["alias"].items())
        self._seen: dict[str, tuple[str, ...] | None] = {}

    def canonical(self, name: str) -> str:
        """The one name of a type that is spelt in several ways."""
        found = self._alias.find(name)
        return found[0] if found else name

    def kinds(self, path: str) -> tuple[str, ...] | None:
        """The triggers that carry a field of an AWS event; None for what no caller chooses."""
        if path not in self._seen:
            self._seen[path] = self._kinds(path)
        return self._seen[path]

    def _kinds(self, path: str) -> tuple[str, ...] | None:
        if any(path == one or path.startswith((one + ".", one + "[")) for one in self._clean):
            return None
        if path.endswith(self._suffixes):
            return None
        return next((kinds for start, kinds in self._fields if path.startswith(start)), ("direct",))

    def shape(self, path: str) -> re.Pattern[bytes] | None:
        """The words of code that reads the event in which the cloud writes this field; None where no other has it."""
        return self._shapes.get(path)

    def is_text(self, path: str) -> bool:
        """Whether a field of an AWS event is always a string."""
        return path in self._text or (path.count(".") == 1 and path.split(".", maxsplit=1)[0] + ".*" in self._text)


def trigger_kinds() -> tuple[str, ...]:
    """The kinds of trigger by whose events values come in; ``direct``: whoever may invoke the function chooses them."""
    raw = _read("sources.toml")
    named = (kind for one in (*raw["field"], *raw["type"]) for kind in one["kinds"])
    return tuple(sorted({"direct", *named}))


def _type(one: dict[str, Any]) -> SourceType:
    return SourceType(one["name"], tuple(one["kinds"]), frozenset(one["members"]), frozenset(one.get("text", ())))


def _entry(one: dict[str, Any]) -> EntrySpec:
    return EntrySpec(tuple(one.get("params", ())), one.get("rest", ""), one.get("html", False))


def _sinks(raw: dict[str, Any]) -> Iterator[tuple[str, Sink]]:
    for one in raw["sink"]:
        sink = Sink(one["class"], tuple(one["args"]), one.get("when", ""), one.get("doubt", 0))
        for call in one["call"]:
            yield call, sink


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("auditor.code.taint").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of `python` or `javascript`."""
    return Catalogue(language)


@cache
def sources() -> Sources:
    """The sources."""
    return Sources()
