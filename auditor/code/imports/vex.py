"""Reads statements that a vulnerability does no harm: OpenVEX 0.0.1 to 0.2, and the analyses in CycloneDX.

Shapes: the OpenVEX specification v0.2.0 (``statements[]`` with ``vulnerability``, ``products[]`` with ``@id``,
``identifiers.purl`` and ``subcomponents``, ``status``, ``justification``), and CycloneDX 1.4 and later
(``vulnerabilities[].analysis``).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.analysis.imported_scans import Statement
from auditor.code.components.purl import from_purl
from auditor.code.files import shown
from auditor.code.imports.rows import UnreadableReportError, at, objects

_HARMLESS: Final = frozenset({"not_affected", "fixed"})
_HARMFUL: Final = frozenset({"affected", "under_investigation"})
_CYCLONEDX: Final = frozenset({"not_affected", "false_positive", "resolved", "resolved_with_pedigree"})


def read_openvex(report: Any) -> Iterator[Statement]:
    """The statements of a document, in the order of their time. Raises UnreadableReportError for what is no OpenVEX."""
    if "openvex.dev/ns" not in str(at(report, "@context") or ""):
        raise UnreadableReportError("it is no OpenVEX")
    rows = report.get("statements")
    if not isinstance(rows, list):
        raise UnreadableReportError("it has no statements")
    author, when = str(report.get("author") or "an unnamed author"), str(report.get("timestamp") or "")
    for row in sorted(objects(rows), key=lambda one: str(one.get("timestamp") or when)):
        yield _stated(row, author)


def _stated(row: Mapping[str, Any], author: str) -> Statement:
    status, said = row.get("status"), row.get("vulnerability")
    if status not in _HARMLESS | _HARMFUL:
        raise UnreadableReportError(f"a statement has the status {shown(str(status))}")
    name = said if isinstance(said, str) else at(said, "name") or at(said, "@id")
    if not isinstance(name, str) or not name:
        raise UnreadableReportError("a statement names no vulnerability")
    aliases = (at(said, "aliases") or ()) if isinstance(said, Mapping) else ()
    products = [purl for each in row.get("products") or () for purl in _products(each)]
    why = row.get("justification") or row.get("impact_statement") or row.get("status_notes") or "no reason given"
    return Statement(
        names=frozenset({name.rpartition("/")[2], *map(str, aliases)}),
        products=tuple(filter(_is_library, products)),
        harmless=status in _HARMLESS,
        text=shown(f"{status} ({why}) by {author}"),
    )


def _products(product: Any) -> Iterator[str]:
    """What a statement is about: the subcomponents of a product, where it names any, else the product."""
    if isinstance(product, str):
        yield product
    elif isinstance(product, Mapping):
        within = [purl for part in objects(product.get("subcomponents")) for purl in _products(part)]
        named = str(at(product, "identifiers", "purl") or product.get("@id") or "")
        yield from within or [named]


def _is_library(name: str) -> bool:
    """Whether this names a library; what names an image, an application or a function means all that is in it."""
    return from_purl(name) is not None or from_purl(f"{name}@0") is not None


def cyclonedx_statement(row: Mapping[str, Any], purls: list[str]) -> Statement | None:
    """What the analysis of a vulnerability says; None where it has none."""
    state = at(row, "analysis", "state")
    if not isinstance(state, str):
        return None
    why = at(row, "analysis", "justification") or at(row, "analysis", "detail") or "no reason given"
    aliases = [str(each.get("id")) for each in objects(row.get("references"))]
    return Statement(
        names=frozenset({str(row.get("id")), *aliases}),
        products=tuple(filter(_is_library, purls)),
        harmless=state in _CYCLONEDX,
        text=shown(f"{state} ({why}) in CycloneDX"),
    )
