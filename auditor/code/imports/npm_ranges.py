"""Whether a version lies in a range, as npm audit writes ranges.

Source: https://docs.npmjs.com/cli/v11/commands/npm-audit, and the grammar of ranges in
https://github.com/npm/node-semver, 2026-12-01.
"""

import re
from typing import Final

from auditor.code.advisories.versions import UnorderedVersionError, version

_COMPARATOR: Final = re.compile(r"(<=|>=|<|>|=)?\s*[v=]?(\d[\w.+-]*)")
_HYPHEN: Final = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")
_EVERY: Final = frozenset({"", "*", "x", "latest"})


def includes(written: str, number: str) -> bool:
    """Whether a range holds a version; one that cannot be read, or placed, does: the scanner says so."""
    try:
        return any(_within(part, number) for part in written.split("||"))
    except UnorderedVersionError:
        return True


def first_after(written: str) -> str:
    """The version that a range of one piece ends before; "" where it does not end so."""
    if "||" in written:
        return ""
    ends = [bound for sign, bound in _COMPARATOR.findall(written) if sign == "<"]
    return ends[0] if len(ends) == 1 else ""


def _within(part: str, number: str) -> bool:
    if part.strip() in _EVERY:
        return True
    between = _HYPHEN.fullmatch(part)
    if between is not None:
        pairs = [(">=", between.group(1)), ("<=", between.group(2))]
    else:
        pairs = _COMPARATOR.findall(part)
        if _COMPARATOR.sub("", part).strip():
            raise UnorderedVersionError(f"npm range {part!r}")
    return all(_holds(sign, number, bound) for sign, bound in pairs)


def _holds(sign: str, number: str, bound: str) -> bool:
    one, other = version("npm", number), version("npm", bound)
    held = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}
    return bool(held[sign]) if sign in held else bool(one == other)
