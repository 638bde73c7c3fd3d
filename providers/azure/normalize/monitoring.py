"""What is measured of an app, and where its records go."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.redacted import find
from auditor.model.usage import DiagnosticSetting, Insights, Monitoring
from providers.azure.normalize.answers import Answers, Part, known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defender_plans import Pricings
from providers.azure.normalize.fields import (
    filled_text,
    flag,
    given,
    member,
    number,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    record,
    string,
    text,
)
from providers.azure.normalize.resource_index import ResourceIndex, Row
from providers.azure.normalize.settings import AppSettings, Setting
from providers.azure.normalize.sites import Site
from providers.azure.normalize.usage import usage

_COMPONENTS = "graph:Components"
_WORKSPACES = "graph:Workspaces"
_DIAGNOSTICS = "insights:ListDiagnosticSettings"
_LOGS = "web:GetLogsConfiguration"

_CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"
_KEY = "APPINSIGHTS_INSTRUMENTATIONKEY"
_LINK = "hidden-link:"
_LINKED = "app-insights-resource-id"
_DEFENDED = frozenset({HostingKind.DEDICATED})
"""Defender for App Service documents dedicated plans and no serverless ones."""


class Monitorings:
    """The monitoring of one subscription's apps."""

    def __init__(self, world: ResourceIndex, answers: Answers, pricings: Pricings, containers: Containers) -> None:
        self._containers = containers
        self._answers = answers
        self._pricings = pricings
        self._components = world.index(_COMPONENTS)
        self._workspaces = world.index(_WORKSPACES)
        self._digests: dict[str, Row] = {}
        for row in self._components:
            for digest in _digests(row.body):
                self._digests.setdefault(digest, row)

    def of(self, site: Site, settings: Observed[AppSettings]) -> Observed[Monitoring]:
        """The monitoring of one app."""
        if site.host.native:
            return Known(self._of_container_app(site, settings), site.source)
        logs = self._answers.one(_LOGS, site.id)
        logged = Part(self._answers, site.id, logs if isinstance(logs, Unknown) else Known(logs.value or {}, _LOGS))
        written = logged.inner(lambda body: member(body, "properties"))
        return Known(
            Monitoring(
                insights=self._insights(site, settings),
                insights_key_only=settings.map(_key_only),
                insights_linked=site.row.read(lambda body: _link(body) is not None),
                diagnostics=self._diagnostics(site),
                http_logs=written.read(_http_logs),
                detailed_errors=written.read(
                    lambda body: optional_flag(member(body, "detailedErrorMessages"), "enabled")
                ),
                usage=usage(site),
                threat_detection=self._threats(site),
            ),
            site.source,
        )

    def _of_container_app(self, site: Site, settings: Observed[AppSettings]) -> Monitoring:
        """A container app of its own sends its logs where its environment says."""
        nothing = site.host.lacks(site.source, "has no such setting")
        uncounted = site.host.lacks(site.source, "does not count executions")
        return Monitoring(
            insights=self._insights(site, settings),
            insights_key_only=settings.map(_key_only),
            insights_linked=nothing,
            diagnostics=self._containers.logs(site),
            http_logs=nothing,
            detailed_errors=nothing,
            usage=uncounted,
            threat_detection=self._threats(site),
        )

    def _insights(self, site: Site, settings: Observed[AppSettings]) -> Observed[Insights | None]:
        if isinstance(settings, Unknown):
            return settings
        told = [found for name in (_CONNECTION, _KEY) if (found := settings.value.get(name)) is not None]
        if not told:
            return known(None, settings.source)
        row = self._component(site, told)
        if isinstance(row, Unknown):
            return Known(Insights(id=None, local_auth=row, public=row), settings.source)
        part = Part(self._answers, site.id, row.map(lambda found: found.body)).inner(
            lambda body: member(body, "properties")
        )
        return Known(
            Insights(
                id=row.value.id,
                local_auth=part.read(lambda body: not optional_flag(body, "DisableLocalAuth")),
                public=part.read(_public),
            ),
            settings.source,
        )

    def _component(self, site: Site, told: list[Setting]) -> Observed[Row]:
        """The component that a setting leads to: by the same value in both answers, else by the portal's link."""
        for setting in told:
            row = self._digests.get(setting.variable.digest)
            if row is not None:
                return Known(row, row.source)
        linked = site.row.read(_link)
        if isinstance(linked, Known) and linked.value is not None:
            found = self._components.find(linked.value)
            if isinstance(found, Unknown) or found.value is not None:
                return found  # type: ignore[return-value]
        message = "the component its settings lead to was not found"
        gap = self._answers.gap(_COMPONENTS, GapReason.NOT_COLLECTED, message, site.id)
        return Unknown(self._components.any_gap() or gap)

    def _diagnostics(self, site: Site) -> Observed[tuple[DiagnosticSetting, ...]]:
        listing = self._answers.rows(_DIAGNOSTICS, site.id)
        return self._answers.readable(listing, self._diagnostic).complete()

    def _diagnostic(self, item: Json) -> DiagnosticSetting:
        body = member(item, "properties")
        workspace = filled_text(body, "workspaceId")
        keys = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
        target = next((found for key in keys if (found := filled_text(body, key))), "")
        logs = [record(log, "a log") for log in optional_items(body, "logs")]
        enabled = [log for log in logs if flag(log, "enabled")]
        return DiagnosticSetting(
            name=text(item, "name"),
            categories=tuple(filled_text(log, "category") or text(log, "categoryGroup") for log in enabled),
            target=target.lower(),
            retention_days=self._workspace_days(workspace) if workspace else _storage_days(enabled),
        )

    def _workspace_days(self, workspace: str) -> Observed[int | None]:
        return self._workspaces.part(workspace).read(lambda body: number(body, "retentionInDays"))

    def _threats(self, site: Site) -> Observed[bool]:
        """Whether Defender watches the app, where its plan is on: the plan covers some kinds of hosting only."""
        on = self._pricings.on("AppServices")
        if isinstance(on, Known) and not on.value:
            return not_offered(on.source, "the plan is off for the whole subscription")
        unclear = site.host.unclear(site.row)
        return unclear if unclear is not None else on.map(lambda _: site.host.kind in _DEFENDED)


def _digests(body: dict[str, Any]) -> list[str]:
    """The digests of a component's connection string and key: equal to a setting's where the values are."""
    properties = body.get("properties")
    found = []
    for key in ("ConnectionString", "InstrumentationKey"):
        judged = find(key, properties.get(key) if isinstance(properties, dict) else None)
        if judged is not None and judged.variable.length:
            found.append(judged.variable.digest)
    return found


def _key_only(settings: AppSettings) -> bool:
    return settings.get(_KEY) is not None and settings.get(_CONNECTION) is None


def _link(body: dict[str, Any]) -> str | None:
    """The component that a hidden tag of the portal links."""
    for name, value in optional_member(body, "tags").items():
        if name.lower().startswith(_LINK) and _LINKED in name.lower():
            return string(value, "a tag").lower()
    return None


def _public(body: dict[str, Any]) -> bool:
    """Whether telemetry is taken, or shown, over the public network; never set: it is."""
    accesses = (optional_text(body, f"publicNetworkAccessFor{way}") for way in ("Ingestion", "Query"))
    return any((access or "Enabled").lower() != "disabled" for access in accesses)


def _http_logs(body: dict[str, Any]) -> bool:
    logs = member(body, "httpLogs")
    return any(optional_flag(optional_member(logs, place), "enabled") for place in ("fileSystem", "azureBlobStorage"))


def _storage_days(logs: list[dict[str, Any]]) -> Observed[int | None]:
    """How long a storage account keeps: the shortest policy that is on; None where none is, or it goes elsewhere."""
    policies = [optional_member(log, "retentionPolicy") for log in logs]
    days = [number(policy, "days") for policy in policies if given(policy, "days") and optional_flag(policy, "enabled")]
    return known(min((day for day in days if day > 0), default=None), _DIAGNOSTICS)
