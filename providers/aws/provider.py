"""AWS as the tool sees it. The SDK is imported only when a call is about to be made."""

# ruff: noqa: PLC0415 - the SDK is imported on use, so that declaring and normalising need none

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from auditor.analysis.permissions.account_access import RoleAuthorizer
from auditor.analysis.permissions.decision import Decision
from auditor.errors import NoScopeError
from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Scope
from auditor.provider import (
    CollectOptions,
    Operation,
    PermissionQuestion,
    Portion,
    Probe,
    Progress,
    Recorder,
    Rollout,
    Target,
)
from providers.aws.operations import LISTING, OPERATIONS
from providers.aws.policy import document
from providers.aws.rollout import rollout
from providers.cloud_provider import CloudProvider

if TYPE_CHECKING:
    from providers.aws.gateway import Gateway
    from providers.aws.session import Session


class AwsProvider(CloudProvider["Session", "Gateway"]):
    """Implements :class:`auditor.provider.Provider`.

    Settings it reads: ``profile``, ``role_arn``, ``external_id`` and ``pacing`` ("off": an emulator without quotas).
    """

    cloud: Final = Cloud.AWS
    operations: tuple[Operation, ...] = OPERATIONS
    listing: frozenset[str] = LISTING

    def usable(self, options: CollectOptions) -> str | None:
        """None when credentials are configured, else what is missing; UsageError for an unknown profile.

        Raises NoScopeError where credentials are configured and cannot be read.
        """
        from providers.aws.session import NO_CREDENTIALS

        try:
            self.open(options).close()
        except NoScopeError as missing:
            if str(missing) != NO_CREDENTIALS:
                raise
            return NO_CREDENTIALS
        return None

    def open(self, options: CollectOptions) -> "Session":
        """Credentials and clients."""
        from providers.aws.session import Session, Settings

        given = options.settings
        role = given.get("role_arn")
        roles = (role,) if role else ()
        return Session(Settings(given.get("profile"), roles, given.get("external_id"), options.ca_bundle))

    def gateway_kind(self) -> "type[Gateway]":
        """Sends calls by boto3."""
        from providers.aws.gateway import Gateway

        return Gateway

    def read(self, gateway: "Gateway", options: CollectOptions, recorder: Recorder) -> None:
        """Reads the account the credentials belong to, or those that were asked for."""
        from providers.aws.collect.fleet import read_fleet
        from providers.aws.collect.run import read_account

        read = read_fleet if options.fleet.spans_accounts else read_account
        read(gateway, gateway.session, options, recorder)

    def portions(self, options: CollectOptions, recorder: Recorder, progress: Progress) -> tuple[Portion, ...]:
        """An account each: the quotas of AWS are an account's own."""
        from providers.aws.collect.portions import portions

        if not options.fleet.spans_accounts:
            return super().portions(options, recorder, progress)
        with closing(self.open(options)) as session:
            return portions(self._gateway(session, options, recorder, progress), session, options, recorder)

    def aims(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Target]:
        """The account of the credentials, or those that were asked for, each tried."""
        from providers.aws.collect.targets import aims

        return aims(gateway, gateway.session, options)

    def examine(self, gateway: "Gateway", options: CollectOptions) -> Iterable[Probe]:
        """Identity, regions, then one cheap call of each kind in the first region."""
        from providers.aws.doctor import examine

        return examine(gateway, gateway.session, options)

    def normalize(self, capture: Capture) -> Inventory:
        """Reads the AWS shards of a capture."""
        from providers.aws.normalize import normalize

        return normalize(capture)

    def decide(self, capture: Capture, inventory: Inventory, function: Function, asked: PermissionQuestion) -> Decision:
        """Decides by the policies of the function's role, and of the resource where that was read."""
        from providers.aws.normalize.permissions import decide

        return decide(capture, inventory, function, asked)

    def rollout(self, asked: Rollout) -> tuple[str, str]:
        """What gives the role to every account."""
        return rollout(OPERATIONS, asked)

    def authorizer(self, capture: Capture, scope: Scope) -> RoleAuthorizer | None:
        """Decides by the policies of the account's principals; None where those could not be listed."""
        from providers.aws.normalize.principals import read_authorizer

        return read_authorizer(capture, scope)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:  # noqa: ARG002 - an AWS policy names no account
        """The IAM policy document."""
        return document(OPERATIONS, tiers)
