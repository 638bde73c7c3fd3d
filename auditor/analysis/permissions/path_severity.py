"""How grave it is that a path exists: one level less where it depends on something that could not be decided."""

from auditor.analysis.permissions.capabilities import of_data_alone
from auditor.analysis.permissions.path_words import through_unseen
from auditor.model.access import AccessPath
from auditor.model.severity import Severity


def escalation_severity(path: AccessPath) -> Severity:
    """Of a path from a function's identity. Compute of which only the role is known weighs as a stronger principal."""
    if path.administrator and not (path.conditions and through_unseen(path)):
        return Severity.HIGH if path.conditions else Severity.CRITICAL
    return Severity.MEDIUM if path.conditions else Severity.HIGH


def takeover_severity(path: AccessPath) -> Severity:
    """Of a path to a function, by what its identity can do that the principal at the beginning cannot."""
    if path.administrator:
        return Severity.MEDIUM if path.conditions else Severity.HIGH
    if path.gains and of_data_alone(path.gains):
        return Severity.INFORMATIONAL
    return Severity.LOW if path.conditions else Severity.MEDIUM
