"""One question about one function of a snapshot: may its identity do this?"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.analysis.permissions.decision import Decision
from auditor.engine.audit import judged
from auditor.errors import UsageError, suggestion
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.provider import PermissionQuestion, Provider


@dataclass(frozen=True, slots=True)
class Explained:
    """The function that was meant, whom it runs as ("" where that is not known), and the decision."""

    function: Function
    identity: str
    decision: Decision


def explain(capture: Capture, providers: Mapping[Cloud, Provider], wanted: str, asked: PermissionQuestion) -> Explained:
    """Decides. ``wanted`` is the name or the id of a function.

    Raises UsageError for a function that the snapshot does not hold, or holds several of.
    """
    here = judged(capture, providers)
    captured = {cloud for cloud, _, _ in here.facts.scopes}
    found = {cloud: provider.normalize(here) for cloud, provider in providers.items() if cloud in captured}
    function = _function(found, wanted)
    decision = providers[function.cloud].decide(here, found[function.cloud], function, asked)
    identity = function.identity.value if isinstance(function.identity, Known) else None
    return Explained(function, decision.principal or (identity.id if identity else ""), decision)


def _function(inventories: Mapping[Cloud, Inventory], wanted: str) -> Function:
    functions = [function for inventory in inventories.values() for function in inventory.functions]
    found = [one for one in functions if one.id == wanted] or [one for one in functions if one.name == wanted]
    if not found:
        names = sorted({one.name for one in functions})
        raise UsageError(f"The snapshot holds no function {wanted!r}{suggestion(wanted, names)}")
    if len(found) > 1:
        ids = ", ".join(sorted(one.id for one in found))
        raise UsageError(f"Several functions are called {wanted!r}, name one by its id: {ids}.")
    return found[0]
