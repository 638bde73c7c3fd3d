"""What a permissions boundary leaves of a role that its policies make an administrator."""

from auditor.analysis.broad_statements import BroadStatement
from auditor.model.function import Function
from auditor.model.observed import Known


def bounded(function: Function, broad: BroadStatement) -> bool:
    """Whether a boundary is known to keep the role from being the administrator that a statement would make it."""
    role = function.identity.value if isinstance(function.identity, Known) else None
    if role is None or not broad.administrator or not isinstance(role.boundary, Known) or role.boundary.value is None:
        return False
    found = function.effective_permissions
    return isinstance(found, Known) and isinstance(found.value.complete, Known) and not found.value.administrator
