"""Which functions have published versions, in one list, so that only those are asked for aliases and versions."""

from collections.abc import Mapping
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.answers.json_paths import rows, text
from providers.aws.arn import split_function
from providers.aws.collect.region_context import RegionContext
from providers.aws.operations import BY_ID
from providers.calls.reply import Refusal

LATEST: Final = "$LATEST"
PAGE: Final = 50
"""Functions and versions a page holds at most, whatever is asked for (Lambda API reference, ListFunctions)."""

_KEPT: Final = ("FunctionArn", "Version", "RevisionId", "Role", "Runtime", "PackageType")

_LEAST_EXTRA: Final = 20
_SHARE: Final = 5
"""The list is left once its pages beyond those of the functions themselves exceed a fifth of the functions: by then
asking every function for its aliases costs about as much."""

_LEFT: Final = (
    "The list of all versions was left unfinished, because it is long: every function is asked for its aliases and "
    "versions instead."
)


def worth_listing(functions: int, selected: int) -> bool:
    """Whether the list costs fewer calls than asking each selected function."""
    return -(-functions // PAGE) < selected


def published(context: RegionContext, functions: int) -> Mapping[str, tuple[str, ...]] | None:
    """The published versions by function ARN, ascending as listed; None where the list is not complete.

    ``functions`` is how many functions the region lists. Of each page only names,
    revisions, roles and runtimes of versions are kept.
    """
    operation = BY_ID["lambda:ListPublishedVersions"]
    most = -(-functions // PAGE) + max(_LEAST_EXTRA, functions // _SHARE)
    found: dict[str, list[str]] = {}
    marker, page = "", 0
    while True:
        more = {"Marker": marker} if marker else {}
        answer = context.gateway.ask(operation, context.region, FunctionVersion="ALL", **more)
        kept = answer if isinstance(answer, Refusal) else _named(answer)
        context.gateway.record(operation, context.region, "", page, kept)
        if isinstance(kept, Refusal):
            return None
        context.revisions.versions(kept["Functions"])
        for row in kept["Functions"]:
            found.setdefault(_function(row["FunctionArn"]), []).append(row["Version"])
        page += 1
        marker = text(answer, "NextMarker")
        if not marker:
            return {arn: tuple(versions) for arn, versions in found.items()}
        if page >= most:
            context.gateway.record(operation, context.region, "", page, Refusal(GapReason.NOT_AT_DEPTH, _LEFT))
            return None


def _named(answer: Any) -> Any:
    """A page of nothing but published versions, what is kept of them, and whether it goes on; a refusal for damage."""
    versions = [(text(row, "FunctionArn"), text(row, "Version")) for row in rows(answer, "Functions")]
    if len(versions) < len(answer["Functions"]) or not all(_function(arn) and name for arn, name in versions):
        return Refusal(GapReason.MALFORMED, "A version in the list could not be told by its ARN and number.")
    token = {"NextMarker": answer["NextMarker"]} if answer.get("NextMarker") else {}
    kept = [_kept(row) for row in rows(answer, "Functions") if text(row, "Version") != LATEST]
    return {"Functions": kept, **token}


def _kept(row: Any) -> dict[str, str]:
    return {member: text(row, member) for member in _KEPT if text(row, member)}


def _function(arn: str) -> str:
    split = split_function(arn)
    return split[0] if split else ""
