"""Which log categories a function app of Azure can export."""

from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known


def offers_audit_logs(function: Function) -> bool:
    """Whether its plan is known to offer the categories of the web host, such as audit and HTTP logs."""
    hosting = function.hosting
    return isinstance(hosting, Known) and hosting.value.kind in (HostingKind.PREMIUM, HostingKind.DEDICATED)
