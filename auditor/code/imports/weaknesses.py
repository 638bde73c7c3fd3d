"""Reads SARIF 2.1.0: what scanners of code found, by the weakness that their rule names.

Shapes: the OASIS standard (``runs[].results[]``, ``suppressions``, ``baselineState``), and how scanners name weaknesses
in it: tags of a rule as CodeQL (``external/cwe/cwe-078``) and semgrep (``CWE-78: …``) write them, ``purls`` of a rule
as Grype does.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.code.imports.rows import UnreadableReportError, at, objects, vulnerability
from auditor.code.taint.scan import engine_language
from auditor.model.code_analysis import CodeFinding, CodeStep, Vulnerability
from auditor.model.severity import Confidence

_RULES: Final[Mapping[int, str]] = {
    22: "path-traversal", 23: "path-traversal", 36: "path-traversal", 73: "path-traversal",
    77: "command-injection", 78: "command-injection", 88: "command-injection",
    79: "cross-site-scripting", 80: "cross-site-scripting", 83: "cross-site-scripting",
    89: "sql-injection", 564: "sql-injection",
    90: "ldap-injection",
    93: "header-injection", 113: "header-injection",
    94: "code-injection", 95: "code-injection", 96: "code-injection",
    117: "log-injection",
    209: "verbose-error",
    259: "hardcoded-credential", 321: "hardcoded-credential", 798: "hardcoded-credential",
    290: "authorizer-trusts-spoofable-field",
    295: "tls-verification-disabled",
    319: "cleartext-endpoint",
    347: "signature-not-verified",
    459: "event-data-in-temporary-file",
    488: "event-data-in-module-variable",
    489: "debug-enabled",
    502: "unsafe-deserialization",
    601: "open-redirect",
    610: "cloud-resource-injection",
    611: "xml-external-entities", 776: "xml-external-entities",
    636: "authorizer-allows-on-error",
    643: "xpath-injection",
    918: "server-side-request-forgery",
    943: "nosql-injection",
    1321: "prototype-pollution",
    1333: "regular-expression-injection",
    1336: "template-injection",
}  # fmt: skip
"""The rule of ours for a weakness by its number."""

_CWE: Final = re.compile(r"\bcwe[-/ ]?0*(\d{1,4})\b", re.IGNORECASE)
_KNOWN: Final = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d+-\d+", re.IGNORECASE)
_CONFIDENCE: Final = {"error": Confidence.HIGH, "warning": Confidence.MEDIUM}
_MOST_STEPS: Final = 30


def read_sarif(report: Any) -> Iterator[CodeFinding | tuple[str, Vulnerability] | str]:
    """Findings in code, vulnerabilities by their purl, and a sentence for each result that is neither.

    Raises UnreadableReportError for what is no SARIF.
    """
    runs = at(report, "runs")
    if not isinstance(runs, list) or not str(at(report, "version") or "").startswith("2."):
        raise UnreadableReportError("it is no SARIF 2")
    for run in objects(runs):
        driver = at(run, "tool", "driver") or {}
        rules = [*objects(driver.get("rules")), *_of_extensions(run)]
        by_id = {str(rule.get("id")): rule for rule in rules}
        for result in objects(run.get("results")):
            if _counts(result):
                rule = by_id.get(_rule_id(result, rules), {})
                yield from _read(result, _rule_id(result, rules), rule, str(driver.get("name") or "SARIF"))


def _of_extensions(run: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for extension in objects(at(run, "tool", "extensions")):
        yield from objects(extension.get("rules"))


def _rule_id(result: Mapping[str, Any], rules: list[Mapping[str, Any]]) -> str:
    named, place = (
        result.get("ruleId") or at(result, "rule", "id"),
        result.get("ruleIndex", at(result, "rule", "index")),
    )
    if isinstance(named, str):
        return named
    return str(rules[place].get("id")) if isinstance(place, int) and 0 <= place < len(rules) else ""


def _counts(result: Mapping[str, Any]) -> bool:
    """Whether a result says that something is wrong, and nobody has suppressed it."""
    suppressed = any(each.get("status", "accepted") == "accepted" for each in objects(result.get("suppressions")))
    return result.get("kind", "fail") == "fail" and result.get("baselineState") != "absent" and not suppressed


def _read(
    result: Mapping[str, Any], rule_id: str, rule: Mapping[str, Any], tool: str
) -> Iterator[CodeFinding | tuple[str, Vulnerability] | str]:
    purls = [purl for purl in at(rule, "properties", "purls") or () if isinstance(purl, str)]
    known = _KNOWN.search(rule_id)
    if known is not None and purls:
        score = at(rule, "properties", "security-severity")
        number = float(score) if isinstance(score, str | int | float) and str(score) else None
        summary = at(rule, "shortDescription", "text")
        for purl in purls:
            yield purl, vulnerability(tool, purl, known.group(), score=number, summary=summary)
        return
    place = _place(next(objects(result.get("locations")), {}))
    numbers = [number for number in _weaknesses(result, rule, rule_id) if number in _RULES]
    if place is None or not numbers:
        why = "no weakness that a check here is about" if place is not None else "no file and line"
        yield f"{tool}: {rule_id or 'a result'} names {why}"
        return
    yield _finding(result, rule_id, rule, tool, (numbers[0], *place))


def _finding(
    result: Mapping[str, Any], rule_id: str, rule: Mapping[str, Any], tool: str, where: tuple[int, str, int]
) -> CodeFinding:
    number, file, line = where
    level = result.get("level") or at(rule, "defaultConfiguration", "level") or "warning"
    flow = next(objects(at(next(objects(result.get("codeFlows")), {}), "threadFlows")), {})
    passed = [_place(at(each, "location") or {}) for each in objects(flow.get("locations"))]
    steps = [CodeStep(file=one[0], line=one[1], text="value passes here") for one in passed if one is not None]
    last = CodeStep(file=file, line=line, text=f"{rule_id} of {tool}")
    return CodeFinding(
        rule=_RULES[number],
        cwe=number,
        language=engine_language(file) if file.endswith((".py", ".js", ".mjs", ".cjs", ".ts")) else "",
        file=file,
        line=line,
        handler="",
        source="",
        sink=rule_id,
        triggers=(),
        steps=(*steps[:_MOST_STEPS], last),
        confidence=_CONFIDENCE.get(str(level), Confidence.LOW),
        digest="",
        scanner=tool,
    )


def _weaknesses(result: Mapping[str, Any], rule: Mapping[str, Any], rule_id: str) -> Iterator[int]:
    """The numbers that a result, its rule, or the relations of the rule name, in this order."""
    named: list[Any] = [*(at(result, "properties", "tags") or ()), *_texts(at(result, "properties", "cwe"))]
    named += [*(at(rule, "properties", "tags") or ()), *_texts(at(rule, "properties", "cwe")), rule_id]
    named += [f"CWE-{at(each, 'id')}" for each in objects(result.get("taxa"))]
    named += [f"CWE-{at(each, 'target', 'id')}" for each in objects(rule.get("relationships"))]
    for text in named:
        for found in _CWE.finditer(str(text)):
            yield int(found.group(1))


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _place(location: Mapping[str, Any]) -> tuple[str, int] | None:
    """File and line of a location; None where it has none."""
    physical = location.get("physicalLocation")
    uri, line = at(physical, "artifactLocation", "uri"), at(physical, "region", "startLine")
    if not isinstance(uri, str) or not uri or not isinstance(line, int) or isinstance(line, bool):
        return None
    return uri.removeprefix("file://").removeprefix("./").lstrip("/"), line
