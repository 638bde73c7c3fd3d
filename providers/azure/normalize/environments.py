"""App Service Environments: which addresses of their apps answer inside a virtual network only."""

from typing import Any, Final, NamedTuple

from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import known
from providers.azure.normalize.fields import filled_text, given, optional_member, required, text, unrecognised
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.sites import Site

ENVIRONMENTS: Final = "graph:HostingEnvironments"


class Inside(NamedTuple):
    """Whether the app itself and its management site answer inside the environment's network only."""

    app: bool
    management: bool


_OUTSIDE = Inside(app=False, management=False)
_MODES: Final = {
    "none": _OUTSIDE,
    "0": _OUTSIDE,
    "web": Inside(app=True, management=False),
    "1": Inside(app=True, management=False),
    "publishing": Inside(app=False, management=True),
    "2": Inside(app=False, management=True),
    "web, publishing": Inside(app=True, management=True),
    "3": Inside(app=True, management=True),
}
"""internalLoadBalancingMode. Older versions of the API write the number of the flags."""


class Environments:
    """The App Service Environments of every audited subscription."""

    def __init__(self, world: ResourceIndex) -> None:
        self._world = world

    def inside(self, site: Site) -> Observed[Inside]:
        """What the environment of an app keeps inside its network; nothing where the app is in none."""
        if not site.host.app_service:
            return known(_OUTSIDE, site.source)
        named = self._of(site)
        if isinstance(named, Unknown):
            return named
        if named.value is None:
            return known(_OUTSIDE, named.source)
        return self._world.index(ENVIRONMENTS).part(named.value).read(_mode)

    def _of(self, site: Site) -> Observed[str | None]:
        """The environment as the site names it, else as its plan does; an isolated plan always is in one."""
        own = site.properties.read(_named)
        if isinstance(own, Unknown) or own.value is not None or not site.host.on_plan:
            return own
        plan = site.properties.read(lambda body: filled_text(body, "serverFarmId"))
        if isinstance(plan, Known) and plan.value is not None:
            named = self._world.plans.part(plan.value).read(_named)
            if isinstance(named, Known) and named.value is not None:
                return named
        if not site.host.isolated:
            return own
        message = "its plan is isolated, and the environment it is in is not told"
        return Unknown(site.answers.gap(ENVIRONMENTS, GapReason.NOT_COLLECTED, message, site.id))


def _named(body: dict[str, Any]) -> str | None:
    if not given(body, "hostingEnvironmentProfile"):
        return None
    return text(optional_member(body, "hostingEnvironmentProfile"), "id").lower()


def _mode(body: dict[str, Any]) -> Inside:
    mode = str(required(body, "internalLoadBalancingMode")).strip().lower()
    if mode not in _MODES:
        raise unrecognised("internalLoadBalancingMode", mode)
    return _MODES[mode]
