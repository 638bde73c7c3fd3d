"""Facts that follow from the inventory as a whole: derived once, before any check asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor.analysis.permissions.effective_permissions import effective_permissions
from auditor.analysis.permissions.role_estate import RoleEstate
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_permissions import permissions_by_roles
from auditor.analysis.permissions.role_techniques import ROLE_CLOUDS
from auditor.analysis.permissions.stand_ins import with_stand_ins
from auditor.model.access import EffectivePermissions
from auditor.model.capture import Capture
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Known, Observed
from auditor.provider import Provider


@dataclass(frozen=True, slots=True)
class Derived:
    """The inventory with what its functions' identities can do, and the paths that it was told from, by cloud."""

    inventory: Inventory
    role_paths: Mapping[Cloud, RolePaths]


def derived(inventory: Inventory, capture: Capture, providers: Mapping[Cloud, Provider]) -> Derived:
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
    paths = {cloud: role_paths(inventory, cloud) for cloud in ROLE_CLOUDS}
    for cloud, of_cloud in paths.items():
        found.update(permissions_by_roles((each for each in inventory.functions if each.cloud is cloud), of_cloud))
    functions = tuple(
        replace(function, effective_permissions=found[function.id]) if function.id in found else function
        for function in inventory.functions
    )
    return Derived(replace(inventory, functions=functions), paths)


def role_paths(inventory: Inventory, cloud: Cloud) -> RolePaths:
    """The paths of a cloud that grants by roles; what one principal can do is derived when it is first asked for."""
    scopes = (scope for scope in inventory.scopes if scope.cloud is cloud)
    functions = (function for function in inventory.functions if function.cloud is cloud)
    return RolePaths(RoleEstate(scopes, functions), cloud)
