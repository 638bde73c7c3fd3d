"""What a regular expression that a value matched keeps out of it."""

import re
from functools import lru_cache
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]
from typing import Any, Final

SPECIALS: Final[dict[str, str]] = {
    "command": ";|&$`<>\n",
    "code": "([`",
    "sql": "'\";()\\",
    "nosql": "{$",
    "path": "/\\",
    "xss": "<>\"'&",
    "template": "{}<%#",
    "header": "\r\n",
    "log": "\r\n",
    "ldap": "*()\\",
    "xpath": "'\"[]",
    "xxe": "<&",
    "ssrf": "/:@.",
    "redirect": "/:\\",
    "deserialization": "",
    "regex": "()*+{",
    "prototype": "_",
}
"""The characters without which a value cannot do the harm of a class."""

_HOST: Final = re.compile(
    r"\^\(?https?\??:?(?:\\?/){2}(?P<host>(?:[\w-]|\\\.|\(\?:|\[[\w-]+\][+*]|[()?|+*])+)(?:\\?/|\$|\(\?:\\?/|\[/)"
)
_OPEN_HOST: Final = re.compile(r"(?<!\\)\.")
_INNER: Final = frozenset({"SUBPATTERN", "ATOMIC_GROUP"})
_ALL: Final = frozenset(chr(code) for code in range(128))


@lru_cache(maxsize=2048)
def cleared_by_match(pattern: str, flags: str, how: str) -> frozenset[str]:
    """Classes that a value which matched is harmless for. `how`: full, match (at the start) or search (anywhere)."""
    found = set()
    if _fixed_host(pattern, how):
        found.update({"ssrf", "redirect"})
    tree = _tree(pattern)
    if tree is None:
        return frozenset(found)
    anchored = how == "full" or ((how == "match" or _begins(tree)) and _ends(tree))
    if not anchored or "m" in flags:
        return frozenset(found)
    allowed = _characters(tree)
    for cls, specials in SPECIALS.items():
        if not allowed & set(specials) and (specials or len(allowed) < 40):
            found.add(cls)
    if "path" not in found and ("." not in allowed) and "\\" not in allowed:
        found.add("path")
    return frozenset(found)


@lru_cache(maxsize=2048)
def cleared_by_absence(pattern: str) -> frozenset[str]:
    """Classes that a value in which nothing matched is harmless for: the pattern names what it must not hold."""
    tree = _tree(pattern)
    if tree is None:
        return frozenset()
    items = list(tree)
    if len(items) == 1 and str(items[0][0]) == "MAX_REPEAT":
        items = list(items[0][1][2])
    if len(items) == 1 and str(items[0][0]) in {"IN", "LITERAL", "NOT_LITERAL"}:
        banned = _characters(items)
        return frozenset(cls for cls, specials in SPECIALS.items() if specials and set(specials) <= banned)
    return frozenset({"path"}) if pattern in {r"\.\.", r"\.\.\/", r"\.\./", r"\.\.[\/\\]"} else frozenset()


def banned_text(text: str) -> frozenset[str]:
    """Classes that a value which does not hold this text is harmless for."""
    if text in {"..", "../", "/"}:
        return frozenset({"path"})
    return frozenset({"header", "log"}) if text in {"\n", "\r"} else frozenset()


def _fixed_host(pattern: str, how: str) -> bool:
    anchored = pattern if pattern.startswith("^") else "^" + pattern if how in {"full", "match"} else ""
    found = _HOST.match(anchored)
    return found is not None and not _OPEN_HOST.search(found.group("host"))


def _tree(pattern: str) -> Any:
    if len(pattern) > 500:
        return None
    try:
        return parser.parse(pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!"))
    except (re.error, RecursionError, OverflowError):
        return None


def _at(item: Any, names: frozenset[str]) -> bool:
    return str(item[0]) == "AT" and str(item[1]) in names


def _begins(tree: Any) -> bool:
    return len(tree) > 0 and _at(tree[0], frozenset({"AT_BEGINNING", "AT_BEGINNING_STRING"}))


def _ends(tree: Any) -> bool:
    return len(tree) > 0 and _at(tree[-1], frozenset({"AT_END", "AT_END_STRING"}))


def _characters(tree: Any) -> set[str]:
    """ASCII characters a match may hold."""
    found: set[str] = set()
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            found.add(chr(argument))
        elif name == "NOT_LITERAL":
            found |= _ALL - {chr(argument)}
        elif name == "ANY":
            found |= _ALL - {"\n"}
        elif name == "IN":
            found |= _in_set(argument)
        elif name == "BRANCH":
            for branch in argument[1]:
                found |= _characters(branch)
        elif name in _INNER:
            found |= _characters(argument[-1] if name == "SUBPATTERN" else argument)
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            found |= _characters(argument[2])
        elif name not in {"AT", "ASSERT", "ASSERT_NOT"}:
            found |= _ALL
    return found


_CATEGORIES: Final[dict[str, str]] = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip


def _in_set(items: Any) -> set[str]:
    found: set[str] = set()
    negated = False
    for operation, argument in items:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(chr(argument))
        elif name == "RANGE":
            found |= {chr(code) for code in range(argument[0], min(argument[1], 127) + 1)}
        elif name == "CATEGORY":
            category = re.compile(_CATEGORIES[str(argument)])
            found |= {one for one in _ALL if category.match(one)}
    return set(_ALL - found) if negated else found


__all__ = ["SPECIALS", "banned_text", "cleared_by_absence", "cleared_by_match"]
