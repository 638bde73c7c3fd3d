"""Google Cloud as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.analysis.permissions.decision import Decision
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, PermissionQuestion, Probe, Recorder, Rollout, Target
from providers.calls.once import Once
from providers.cloud_provider import CloudProvider
from providers.doctor import aimed_at
from providers.gcp.operations import LISTING, OPERATIONS
from providers.gcp.policy import document
from providers.gcp.rollout import rollout
from providers.gcp.session import Session, Settings, missing

if TYPE_CHECKING:
    from providers.gcp.gateway import Gateway


class GcpProvider(CloudProvider[Session, "Gateway"]):
    """Implements :class:`auditor.provider.Provider`.

    Settings it reads: ``project_id`` (several, with commas), ``folder_id``, ``organization_id``,
    ``impersonate_service_account`` and ``pacing`` ("off": an emulator without quotas).
    """

    cloud: Final = Cloud.GCP
    operations: tuple[Operation, ...] = OPERATIONS
    listing: frozenset[str] = LISTING

    def usable(self, options: CollectOptions) -> str | None:
        """None when credentials are configured, else what is missing. Looks at this machine only.

        Raises UsageError for an endpoint that may not be used, NoScopeError for a named file that is not there.
        """
        return missing(_settings(options))

    def open(self, options: CollectOptions) -> Session:
        """Credentials and connections."""
        return Session(_settings(options))

    def gateway_kind(self) -> "type[Gateway]":
        """Sends calls by google-auth's session, those about functions by their client."""
        from providers.gcp.gateway import Gateway

        return Gateway

    def read(self, gateway: "Gateway", options: CollectOptions, recorder: Recorder) -> None:
        """Reads the projects the credentials see, or those that were named."""
        from providers.gcp.collect.run import read_projects

        read_projects(gateway, options, recorder)

    def aims(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Target]:
        """The projects that the credentials see, or that were asked for."""
        from providers.gcp.collect.projects import projects_to_read

        shared = Once()
        found = lambda recorder: (project.id for project in projects_to_read(gateway, options, recorder, shared))  # noqa: E731
        return aimed_at(found)

    def examine(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Probe]:
        """Projects, then one small call of each kind in the first of them."""
        from providers.gcp.doctor import examine

        return examine(gateway, options)

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the Google Cloud shards of a capture."""
        from providers.gcp.normalize import normalize

        return normalize(capture)

    def decide(self, capture: Capture, inventory: Inventory, function: Function, asked: PermissionQuestion) -> Decision:
        """Decides by the allow policies from the organisation down to the resource."""
        from providers.gcp.normalize.permissions import decide

        return decide(capture, inventory, function, asked)

    def rollout(self, asked: Rollout) -> tuple[str, str]:
        """What gives the role to every account."""
        return rollout(OPERATIONS, asked)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - a role's definition names no project
        """The definitions of the custom roles."""
        return document(OPERATIONS, tiers)


def _settings(options: CollectOptions) -> Settings:
    return Settings(options.settings.get("impersonate_service_account"), options.ca_bundle, options.max_workers)
