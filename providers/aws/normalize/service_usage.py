"""What a role used, from the report that AWS made of it."""

from typing import Any, Final

from auditor.model.identity import ServiceUsage, ServiceUse
from auditor.model.observed import Observed, Unknown
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import UnreadableError, items, optional_items, text

_MAKE: Final = "iam:GenerateServiceLastAccessedDetails"
_READ: Final = "iam:GetServiceLastAccessedDetails"
_DONE: Final = "COMPLETED"


def read_usage(answers: Answers, role: str) -> Observed[ServiceUsage]:
    """Unknown where any page is missing: a service that is not told of would look as if it were not reported on."""
    made = answers.one(_MAKE, role)
    if isinstance(made, Unknown):
        return made
    pages = answers.bodies(_READ).all(role).complete()
    if isinstance(pages, Unknown):
        return pages
    return answers.fact(_READ, lambda: _usage(pages.value), role)


def _usage(pages: tuple[dict[str, Any], ...]) -> ServiceUsage:
    rows: list[dict[str, Any]] = []
    for page in pages:
        if text(page, "JobStatus") != _DONE:
            raise UnreadableError(f"the report is {text(page, 'JobStatus')}")
        rows += items(page, "ServicesLastAccessed")
    if not pages or pages[-1].get("IsTruncated", False) is not False:
        raise UnreadableError("the report breaks off")
    used, unused = [], []
    for row in rows:
        service = text(row, "ServiceNamespace").lower()
        if _never(row, "LastAuthenticated", "LastAuthenticatedEntity", "LastAuthenticatedRegion"):
            unused.append(service)
        else:
            used.append(
                ServiceUse(service=service, last_used=text(row, "LastAuthenticated")[:10], idle_actions=_idle(row))
            )
    by_name = sorted(used, key=lambda one: one.service)
    return ServiceUsage(used=tuple(by_name), unused=tuple(sorted(unused)))


def _idle(row: dict[str, Any]) -> tuple[str, ...]:
    """The tracked actions without a time. Where none is listed, the service has none, or none of them was used."""
    tracked = optional_items(row, "TrackedActionsLastAccessed")
    never = (row for row in tracked if _never(row, "LastAccessedTime", "LastAccessedEntity", "LastAccessedRegion"))
    return tuple(sorted(text(action, "ActionName") for action in never))


def _never(row: dict[str, Any], time: str, *besides: str) -> bool:
    """Whether nobody used it: then all that AWS tells of a use is absent. A part of it alone is no answer."""
    if time in row:
        return False
    if any(name in row for name in besides) or row.get("TotalAuthenticatedEntities", 0) != 0:
        raise UnreadableError(f"a use is told without its {time}")
    return True
