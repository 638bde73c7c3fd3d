"""What Cloud Asset Inventory told of a project in bulk: resources and policies, by type and relative name."""

from typing import Any, Final

from auditor.model.observed import Gap, Unknown
from providers.gcp.normalize.answers import Answers, Told
from providers.gcp.normalize.fields import UnreadableError, member, text
from providers.gcp.normalize.names import relative

RESOURCES: Final = "asset:ListResources"
POLICIES: Final = "asset:ListPolicies"

SERVICE: Final = "run.googleapis.com/Service"
GEN1: Final = "cloudfunctions.googleapis.com/CloudFunction"
FUNCTION: Final = "cloudfunctions.googleapis.com/Function"
ACCOUNT: Final = "iam.googleapis.com/ServiceAccount"
SUBSCRIPTION: Final = "pubsub.googleapis.com/Subscription"
TRIGGER: Final = "eventarc.googleapis.com/Trigger"
QUEUE: Final = "cloudtasks.googleapis.com/Queue"
WORKFLOW: Final = "workflows.googleapis.com/Workflow"
JOB: Final = "cloudscheduler.googleapis.com/Job"
CONNECTOR: Final = "vpcaccess.googleapis.com/Connector"
SECRET: Final = "secretmanager.googleapis.com/Secret"  # noqa: S105 - a type
BUCKET: Final = "storage.googleapis.com/Bucket"
KEY: Final = "cloudkms.googleapis.com/CryptoKey"

_BUCKETS: Final = "//storage.googleapis.com/"
_STORED: Final = "projects/_/buckets/"


class Assets:
    """The bulk lists of one project. ``gap`` / ``policy_gap`` say why a list is not complete."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        resources = answers.listed(RESOURCES, "assets")
        self.gap: Gap | None = resources.gap
        self._resources: dict[str, dict[str, Told]] = {}
        self.ancestors: tuple[str, ...] = ()
        for asset in resources.items:
            self._resource(asset)
        policies = answers.listed(POLICIES, "assets")
        self.policy_gap: Gap | None = policies.gap
        self._policies: dict[str, Told] = {}
        for asset in policies.items:
            self._policy(asset)

    def _resource(self, asset: dict[str, Any]) -> None:
        def read() -> tuple[str, Told]:
            name = named(text(asset, "name"))
            data = member(member(asset, "resource"), "data")
            return text(asset, "assetType"), Told(self._answers, RESOURCES, name, data)

        fact = self._answers.fact(RESOURCES, read)
        if isinstance(fact, Unknown):
            self.gap = self.gap or fact.gap
            return
        kind, told = fact.value
        self._resources.setdefault(kind, {})[told.name] = told
        above = asset.get("ancestors")
        if not self.ancestors and isinstance(above, list) and all(isinstance(name, str) for name in above):
            self.ancestors = tuple(above)

    def _policy(self, asset: dict[str, Any]) -> None:
        fact = self._answers.fact(
            POLICIES, lambda: Told(self._answers, POLICIES, named(text(asset, "name")), _bindings(asset))
        )
        if isinstance(fact, Unknown):
            self.policy_gap = self.policy_gap or fact.gap
        else:
            self._policies[fact.value.name] = fact.value

    def of(self, kind: str) -> dict[str, Told]:
        """The resources of a type, by relative name."""
        return self._resources.get(kind, {})

    def policies(self) -> dict[str, Told]:
        """Every policy listed, by the relative name of what it guards."""
        return self._policies


def named(name: str) -> str:
    """The relative name of an asset; buckets, which the inventory names alone, as the storage service names them."""
    if name.startswith(_BUCKETS):
        bucket = name.removeprefix(_BUCKETS)
        return bucket if bucket.startswith(_STORED) else f"{_STORED}{bucket}"
    return relative(name)


def _bindings(asset: dict[str, Any]) -> dict[str, Any]:
    if "iamPolicy" not in asset:
        raise UnreadableError("iamPolicy is missing")
    return member(asset, "iamPolicy")
