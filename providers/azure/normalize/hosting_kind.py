"""How an app runs: the kind of hosting, the operating system, whether it is a container; and what follows from it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, Unknown, not_offered
from providers.azure.normalize.answers import Part

_TIERS = {
    "dynamic": HostingKind.CONSUMPTION,
    "flexconsumption": HostingKind.FLEX_CONSUMPTION,
    "elasticpremium": HostingKind.PREMIUM,
    "elasticisolated": HostingKind.PREMIUM,
    "free": HostingKind.DEDICATED,
    "shared": HostingKind.DEDICATED,
    "basic": HostingKind.DEDICATED,
    "standard": HostingKind.DEDICATED,
    "isolated": HostingKind.DEDICATED,
}
_DEDICATED = ("premium", "isolated")
"""PremiumV2, PremiumV3, PremiumMV3, IsolatedV2 and those to come are workers of one's own."""

WORDS = {
    HostingKind.CONSUMPTION: "the Consumption plan",
    HostingKind.FLEX_CONSUMPTION: "Flex Consumption",
    HostingKind.PREMIUM: "the Premium plan",
    HostingKind.DEDICATED: "a dedicated plan",
    HostingKind.CONTAINER_APPS: "Container Apps",
    HostingKind.KUBERNETES: "Kubernetes",
}

_SERVERLESS = frozenset({HostingKind.CONSUMPTION, HostingKind.FLEX_CONSUMPTION})
_ON_PLAN = frozenset({HostingKind.PREMIUM, HostingKind.DEDICATED})


class Host(NamedTuple):
    """``system`` is linux or windows; ``container``: a custom image; ``isolated``: in an App Service Environment;
    ``native``: a container app of its own, with no site before it.
    """

    kind: HostingKind
    system: str
    container: bool
    isolated: bool = False
    native: bool = False

    @property
    def serverless(self) -> bool:
        """Consumption or Flex Consumption: no workers of one's own."""
        return self.kind in _SERVERLESS

    @property
    def on_plan(self) -> bool:
        """Premium or dedicated workers."""
        return self.kind in _ON_PLAN

    @property
    def app_service(self) -> bool:
        """Whether App Service itself answers for it: not on Container Apps or Kubernetes."""
        return self.kind not in (HostingKind.CONTAINER_APPS, HostingKind.KUBERNETES)

    def unclear(self, part: Part) -> Unknown | None:
        """Why nothing can be said that depends on the kind of hosting, if it is not known."""
        if self.kind is not HostingKind.UNRECOGNISED:
            return None
        return part.unknown(GapReason.UNRECOGNISED, "how it is hosted is not known to us")

    def lacks(self, operation: str, what: str) -> Unknown:
        """A fact that this kind of hosting does not have: ``what`` is "has no FTP"."""
        return not_offered(operation, f"{WORDS.get(self.kind, 'this hosting')} {what}")


NATIVE = Host(kind=HostingKind.CONTAINER_APPS, system="linux", container=True, native=True)


def host(kinds: tuple[str, ...], properties: Part, tier_of: Callable[[str], str | None]) -> Host:
    """Told by the words of the app's kind, its SKU (else the tier of its plan) and what it names."""
    body = properties.body.value if isinstance(properties.body, Known) else {}
    configuration = body.get("siteConfig")
    image = configuration.get("linuxFxVersion") if isinstance(configuration, dict) else None
    linux = "linux" in kinds or body.get("reserved") is True
    container = "container" in kinds or (isinstance(image, str) and image.upper().startswith("DOCKER|"))
    tier = _tier(body, tier_of)
    kind = _kind(kinds, body, tier)
    return Host(
        kind=kind,
        system="linux" if linux or kind is HostingKind.CONTAINER_APPS else "windows",
        container=container or kind is HostingKind.CONTAINER_APPS,
        isolated="isolated" in tier,
    )


def _tier(body: dict[str, Any], tier_of: Callable[[str], str | None]) -> str:
    sku, plan = body.get("sku"), body.get("serverFarmId")
    if not isinstance(sku, str):
        sku = tier_of(plan) if isinstance(plan, str) else None
    return (sku or "").lower()


def _kind(kinds: tuple[str, ...], body: dict[str, Any], tier: str) -> HostingKind:
    environment, flexible = body.get("managedEnvironmentId"), body.get("functionAppConfig")
    if "azurecontainerapps" in kinds:
        return HostingKind.CONTAINER_APPS
    if "kubernetes" in kinds:
        return HostingKind.KUBERNETES
    if not isinstance(environment, str | None) or not isinstance(flexible, dict | None):
        return HostingKind.UNRECOGNISED
    if environment:
        return HostingKind.CONTAINER_APPS
    if flexible or tier == "flexconsumption":
        return HostingKind.FLEX_CONSUMPTION
    if tier in _TIERS:
        return _TIERS[tier]
    return HostingKind.DEDICATED if tier.startswith(_DEDICATED) else HostingKind.UNRECOGNISED
