"""Packs a report's rows into the columns the page reads, one row at a time.

What repeats is stored once: texts go to a string table after the facts of their function (name, id, region…) and of
their finding (locus, resource) are replaced by marks, so ten thousand remediations that differ only in a name become
one entry. A mark is U+0001 and a letter; a literal U+0001 in a text becomes U+0001 `z`. `assets/js/data.js` undoes it.
"""

import base64
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from auditor.model.json_text import ascii_json
from reports.html.causes import CauseColumns, trait_bits
from reports.html.wire import Block, StringTable, numbers, steps

MARK = "\x01"
ABSENT = -1

CORE = ("id", "name", "cloud", "kind", "scope", "location", "runtime", "runtime_end_of_life", "owner")
DETAILS = (
    "identity", "endpoints", "triggers", "environment", "invoke_reach", "network", "limits", "tags", "logging",
    "unknown_facts",
)  # fmt: skip
_DERIVED = ("identity_id", "identity_name", "reach", "points", "traits", "more")
FINDING_COLUMNS = ("shape", "fn", "cause", "message", "locus", "resource", "subject", "evidence", "first_seen")
_SHORTEST = 4
_FINGERPRINT = re.compile("[0-9a-f]{16}")
Marks: TypeAlias = Sequence[tuple[str, str]]


class Facts(NamedTuple):
    """The values of one function that are marked in its texts: plain, and as they stand inside JSON."""

    plain: Marks
    escaped: Marks


NO_FACTS = Facts((), ())


def marks(values: Iterable[tuple[str, Any]]) -> Facts:
    """The marks for (letter, value) pairs: long values first; values too short to be worth a mark are left out."""
    kept = {v: letter for letter, v in values if isinstance(v, str) and len(v) >= _SHORTEST and MARK not in v}
    plain = tuple(sorted(kept.items(), key=lambda item: -len(item[0])))
    escaped = tuple((ascii_json(value)[1:-1], letter) for value, letter in plain)
    return Facts(plain, plain if escaped == plain else escaped)


def template(text: str, values: Marks) -> str:
    """The text with each marked value replaced by its mark."""
    if MARK in text:
        text = text.replace(MARK, MARK + "z")
    for value, letter in values:
        if value in text:
            text = text.replace(value, MARK + letter)
    return text


class FunctionColumns:
    """Functions in the order given. `index` maps an id to its row; `facts` are the marks of each row."""

    def __init__(self, strings: StringTable) -> None:
        self.index: dict[str, int] = {}
        self.facts: list[Facts] = []
        self.clouds: list[str | None] = []
        self._strings = strings
        self._columns = {name: array("i") for name in (*CORE, *DETAILS, *_DERIVED)}
        self._scores: list[tuple[Any, Any, Any]] = []

    def add(self, row: Mapping[str, Any]) -> int:
        """Store one function row of report.json and return its index. Two rows with one id are an error."""
        function_id = row["id"]
        if function_id in self.index:
            raise ValueError(f"function {function_id!r} stands twice in the report")
        position = self.index[function_id] = len(self.facts)
        self.clouds.append(row.get("cloud"))
        identity, name, account = row.get("identity") or {}, row["name"], _account(function_id)
        own = zip(
            "slarmni",
            (
                account,
                row.get("location"),
                row.get("scope"),
                identity.get("id"),
                identity.get("name"),
                name,
                function_id,
            ),
            strict=True,
        )
        facts = marks(own)
        self.facts.append(facts)
        self._text("id", function_id, marks([("n", name)]).plain)
        for column in CORE[1:]:
            self._text(column, row.get(column))
        self._text("identity_id", identity.get("id"), marks([("s", account), ("n", name)]).plain)
        self._text("identity_name", identity.get("name") or identity.get("id"), marks([("n", name)]).plain)
        self._text("reach", (row.get("invoke_reach") or {}).get("worst"))
        self._columns["traits"].append(trait_bits(row.get("traits") or (), row.get("unknown_traits") or ()))
        for column in DETAILS:
            self._json(column, self._slim(column, row[column]) if column in row else ..., facts)
        self._score(row.get("score") or {}, facts)
        known = {*CORE, *DETAILS, "score"}
        self._json("more", {key: value for key, value in row.items() if key not in known}, facts)
        return position

    def _slim(self, column: str, value: Any) -> Any:
        """Policy documents repeat across identities: they become numbers, their place in the string table."""
        if column != "identity" or not value or not value.get("policies"):
            return value
        policies = []
        for policy in value["policies"]:
            document = policy.get("document")
            text = document if isinstance(document, str) or document is None else ascii_json(document)
            policies.append({**policy, "document": None if text is None else self._strings.add(text)})
        return {**value, "policies": policies}

    def _score(self, score: Mapping[str, Any], facts: Facts) -> None:
        """The score, and its points as [check, points, 1 where the verdict is a failure]; the page words them."""
        self._scores.append((score.get("low"), score.get("high"), score.get("grade")))
        points = [
            [p["check_id"], p["points"], int(p.get("status", "FAIL") == "FAIL")] for p in score.get("points") or ()
        ]
        self._json("points", points, facts)

    def _text(self, column: str, value: Any, values: Marks = ()) -> None:
        text = value if isinstance(value, str) or value is None else ascii_json(value)
        self._columns[column].append(ABSENT if text is None else self._strings.add(template(text, values)))

    def _json(self, column: str, value: Any, facts: Facts) -> None:
        stored = ABSENT if value is ... else self._strings.add(template(ascii_json(value), facts.escaped))
        self._columns[column].append(stored)

    def close(self) -> str:
        """The columns as a data block."""
        block = Block()
        block.write(f'{{"count":{len(self.facts)}')
        for name, column in self._columns.items():
            block.write(f',"{name}":{numbers(column)}')
        for place, name in enumerate(("low", "high", "grade")):
            block.write(f',"{name}":{ascii_json([score[place] for score in self._scores])}')
        block.write("}")
        return block.close()


class FindingColumns:
    """Findings in the order given; what most findings of a check share (title, severity, repair…) is one shape."""

    def __init__(
        self, strings: StringTable, functions: FunctionColumns, checks: Mapping[str, int], causes: CauseColumns
    ) -> None:
        self._strings, self._functions, self._checks, self._causes = strings, functions, checks, causes
        self._places: dict[int, tuple[str, str, str | None]] = {}
        self._waived: dict[int, Mapping[str, Any]] = {}
        self._shapes: dict[tuple[Any, ...], int] = {}
        self._columns = {name: array("i") for name in FINDING_COLUMNS}
        self._fingerprints: list[str] = []
        self._new = array("i")

    def add(self, row: Mapping[str, Any], *, new: bool = False) -> tuple[int, bool]:
        """Store one finding row of report.json; returns the row of its function, ABSENT (-1) where it has none, and
        whether it is the first finding of a cause that the report did not list. `new`: no earlier run had it.
        """
        fingerprint = row["fingerprint"]
        if _FINGERPRINT.fullmatch(fingerprint) is None:
            raise ValueError(f"fingerprint {fingerprint!r} is not 16 hex digits")
        position = self._functions.index.get(row["function_id"], ABSENT)
        facts = self._functions.facts[position] if position != ABSENT else NO_FACTS
        locus, resource = _words(row.get("locus")), row.get("resource_id") or ""
        if locus or resource:
            facts = _with_finding(facts, locus, resource)
        strings, columns = self._strings, self._columns
        function_plain = self._functions.facts[position].plain if position != ABSENT else ()
        columns["shape"].append(self._shape(row, facts))
        columns["fn"].append(position)
        cause, unlisted = self._causes.of(row, len(self._fingerprints))
        columns["cause"].append(cause)
        if position == ABSENT:
            place = (row.get("cloud") or "", row.get("account") or "", row.get("region"))
            self._places[len(self._fingerprints)] = place
        columns["message"].append(strings.add(template(row["message"], facts.plain)))
        columns["locus"].append(strings.add(template(locus, function_plain)))
        columns["resource"].append(strings.add(template(resource, function_plain)))
        columns["subject"].append(strings.add("" if position != ABSENT else row.get("subject_id") or ""))
        columns["evidence"].append(strings.add(template(ascii_json(row.get("evidence") or []), facts.escaped)))
        first_seen = row.get("first_seen")
        columns["first_seen"].append(ABSENT if first_seen is None else strings.add(first_seen))
        if new:
            self._new.append(len(self._fingerprints))
        if row.get("waived"):
            self._waived[len(self._fingerprints)] = row["waived"]
        self._fingerprints.append(fingerprint)
        return position, unlisted

    def _shape(self, row: Mapping[str, Any], facts: Facts) -> int:
        check_id = row["check_id"]
        if check_id not in self._checks:
            raise ValueError(f"finding {row['fingerprint']} names check {check_id!r}, which the report does not list")
        remediation = row.get("remediation") or {}
        repairs = (remediation.get(form) for form in ("text", "command", "terraform"))
        shape = (
            self._checks[check_id],
            self._strings.add(template(row["title"], facts.plain)),
            self._strings.add(row["severity"]),
            self._strings.add(row.get("confidence") or ""),
            self._strings.add(row["risk"]),
            self._strings.add(ascii_json(row.get("controls") or [])),
            *(ABSENT if text is None else self._strings.add(template(text, facts.plain)) for text in repairs),
        )
        return self._shapes.setdefault(shape, len(self._shapes))

    def close(self) -> str:
        """The columns as a data block."""
        block = Block()
        block.write(f'{{"count":{len(self._fingerprints)},"shapes":{ascii_json(list(self._shapes))}')
        block.write(f',"new":{steps(self._new)}')
        block.write(f',"places":{ascii_json(self._places)},"waived":{ascii_json(self._waived)}')
        for name, column in self._columns.items():
            block.write(f',"{name}":{(steps if name == "cause" else numbers)(column)}')
        # eight bytes each: as hex they would take a tenth of the page
        marks = base64.b64encode(bytes.fromhex("".join(self._fingerprints))).decode("ascii")
        block.write(f',"fingerprints":"{marks}"}}')
        return block.close()


def _with_finding(facts: Facts, locus: str, resource: str) -> Facts:
    known = {value for value, _ in facts.plain}
    own = marks((letter, value) for letter, value in (("o", resource), ("u", locus)) if value not in known)
    if not own.plain:
        return facts
    longest = lambda item: -len(item[0])  # noqa: E731 - a key used twice
    plain = sorted((*facts.plain, *own.plain), key=longest)
    same = facts.plain is facts.escaped and own.plain is own.escaped
    return Facts(plain, plain if same else sorted((*facts.escaped, *own.escaped), key=longest))


def _account(function_id: str) -> str | None:
    parts = function_id.split(":")
    return parts[4] if len(parts) > 4 else None  # an ARN's fifth part


def _words(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else ascii_json(value)
