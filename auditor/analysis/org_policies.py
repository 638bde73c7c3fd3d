"""Constraints of an organisation, as checks ask for them."""

from auditor.model.guardrails import OrgPolicy
from auditor.model.inventory import Scope
from auditor.model.observed import Known, Observed


def in_force(scope: Scope, constraint: str) -> Observed[bool]:
    """Whether a constraint restricts anything in a project; one that is not listed is not set."""

    def enforced(policies: tuple[OrgPolicy, ...]) -> Observed[bool]:
        found = (policy.enforced for policy in policies if policy.constraint == constraint)
        return next(found, Known(False))

    return scope.guardrails.then(lambda guardrails: guardrails.policies).then(enforced)
