"""Facts that follow from the inventory as a whole: derived once, before any check asks for them."""

from collections.abc import Mapping
from dataclasses import replace

from auditor.analysis.permissions.effective_permissions import effective_permissions
from auditor.analysis.permissions.stand_ins import with_stand_ins
from auditor.model.access import EffectivePermissions
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Observed
from auditor.provider import Provider


def derived(inventory: Inventory, capture: Capture, providers: Mapping[Cloud, Provider]) -> Inventory:
    """The inventory with what its functions' identities can do."""
    found: dict[str, Observed[EffectivePermissions]] = {}
    for scope in inventory.scopes:
        provider = providers.get(scope.cloud)
        principals = scope.principals
        asked = scope
        if isinstance(principals, Known):
            asked = replace(scope, principals=Known(with_stand_ins(principals.value), principals.source))
        authorizer = provider.authorizer(capture, asked) if provider is not None else None
        if authorizer is not None:
            held = (function for function in inventory.functions if function.scope == scope.id)
            found.update(effective_permissions(scope, held, authorizer))
    functions = tuple(
        replace(function, effective_permissions=found[function.id]) if function.id in found else function
        for function in inventory.functions
    )
    return replace(inventory, functions=functions)
