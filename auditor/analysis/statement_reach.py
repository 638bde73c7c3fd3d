"""What the Resource or NotResource element of an Allow statement reaches, action by action.

A resource that an action cannot be done to grants nothing: AWS compares the pattern with ARNs of the action's own
resource types, and asks for ``*`` where an action has none.
"""

from collections.abc import Iterable
from functools import lru_cache

from auditor.analysis.resource_patterns import (
    Owner,
    covers_type,
    is_single,
    means_everything,
    means_no_resource,
    meets,
)
from auditor.analysis.service_authorization import Action, ResourceType
from auditor.model.identity import PolicyStatement


def on_everything(grant: PolicyStatement, owner: Owner) -> bool:
    """Whether it is on every resource, or (NotResource) on all but some."""
    if grant.not_resources:
        return not any(means_everything(resource, owner) for resource in grant.not_resources)
    return any(means_everything(resource, owner) for resource in grant.resources)


def reaches(action: Action, grant: PolicyStatement, owner: Owner) -> bool:
    """Whether it means anything the action can be done to."""
    kinds = action.resource_types
    if grant.not_resources:
        if any(means_everything(resource, owner) for resource in grant.not_resources):
            return False
        return not kinds or any(not covered(kind, grant.not_resources, owner) for kind in kinds)
    if _names_none(grant.resources):
        return True
    return any(_meets(kind, grant.resources, owner) for kind in kinds)


@lru_cache(maxsize=16_384)
def _names_none(resources: tuple[str, ...]) -> bool:
    """Whether actions without a resource are meant too."""
    return any(map(means_no_resource, resources))


@lru_cache(maxsize=65_536)
def _meets(kind: ResourceType, resources: tuple[str, ...], owner: Owner) -> bool:
    return any(meets(resource, kind, owner) for resource in resources)


def reaches_all(action: Action, grant: PolicyStatement, owner: Owner) -> bool:
    """Whether it means every resource that the action could be limited to.

    Of types that a call needs together, one that is named narrowly limits the call; a type below another
    (``table/*/index/*``) counts by itself, as do types that are alternatives.
    """
    kinds, required = several(action.resource_types), several(action.required)
    if grant.not_resources:
        gone = [covered(kind, grant.not_resources, owner) for kind in required or kinds]
        return bool(gone) and not (all(gone) if required else any(gone))
    alone = [kind for kind in kinds if not required or _is_below(kind, required)]
    if any(covered(kind, grant.resources, owner) for kind in alone):
        return True
    whole = [kind for kind in required if covered(kind, grant.resources, owner)]
    return bool(whole) and not any(
        meets(resource, kind, owner) for kind in required if kind not in whole for resource in grant.resources
    )


def covered(kind: ResourceType, resources: Iterable[str], owner: Owner) -> bool:
    """Whether one of the patterns means every resource of the type."""
    return any(covers_type(resource, kind, owner) for resource in resources)


def several(kinds: Iterable[ResourceType]) -> tuple[ResourceType, ...]:
    """The types of which there can be more than one, so that naming all of them says something."""
    return tuple(kind for kind in kinds if not is_single(kind))


def _is_below(kind: ResourceType, required: Iterable[ResourceType]) -> bool:
    return any(kind.arn.startswith((f"{above.arn}/", f"{above.arn}:")) for above in required)
