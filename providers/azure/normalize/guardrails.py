"""What holds for a whole subscription: protection plans, alerts, plans nothing runs on, names that dangle."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.guardrails import DnsRecord, Guardrails
from auditor.model.observed import GapReason, Observed, Unknown, not_offered
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.defender_plans import Pricings
from providers.azure.normalize.fields import (
    flag,
    items,
    member,
    number,
    optional_items,
    optional_member,
    optional_text,
    record,
    string,
    text,
)
from providers.azure.normalize.hostnames import ZONES
from providers.azure.normalize.resource_index import Row, listed
from providers.azure.normalize.sites import Sites

_SUBSCRIPTIONS = "resources:ListSubscriptions"
_ALERTS = "graph:Alerts"
_PLANS = "graph:Plans"
_LISTED_PLANS = "web:ListPlans"
_RECORDS = "graph:DnsRecords"

_ELSEWHERE = not_offered("", "Azure has no such setting")
_UNBILLED = frozenset({"dynamic", "flexconsumption"})
_ZONE = "/providers/microsoft.network/dnszones/"


def guardrails(answers: Answers, sites: Sites, every: dict[str, Sites], pricings: Pricings) -> Observed[Guardrails]:
    """The guardrails of one subscription; ``every`` are the apps of all that were audited."""
    if sites.gap is None and not sites.where():
        if sites.container_gap is not None:
            return Unknown(sites.container_gap)
        return not_offered("graph:Sites", "the subscription has no function apps")
    plans = listed(answers, _PLANS)
    if plans.gap is not None:
        older = listed(answers, _LISTED_PLANS)
        plans = older if older.gap is None else plans
    alerts = answers.readable(answers.rows(_ALERTS), _watched)
    workflows = tuple(sorted(sites.workflows))
    return known(
        Guardrails(
            detection_plans=pricings.all(),
            serverless_posture=pricings.serverless_posture(),
            alerts=alerts.complete().map(lambda found: tuple(sorted({name for names in found for name in names}))),
            audit_logs=_ELSEWHERE,
            sinks=_ELSEWHERE,
            log_exclusions=_ELSEWHERE,
            log_retention_days=_ELSEWHERE,
            asset_inventory=_ELSEWHERE,
            policies=_ELSEWHERE,
            empty_plans=answers.readable(plans, _empty).complete().map(_named),
            dangling_names=_dangling(answers, every),
            source_readers=_ELSEWHERE,
            workflows=known(workflows, "graph:Sites") if sites.gap is None else Unknown(sites.gap),
            channel_keys=_ELSEWHERE,
            basic_roles=_ELSEWHERE,
        ),
        _SUBSCRIPTIONS,
    )


def _named(found: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(sorted(name for name in found if name is not None))


def _empty(row: Row) -> str | None:
    """The plan's id where it is paid for and no app is on it."""
    tier = text(member(row.body, "sku"), "tier").lower()
    count = number(member(row.body, "properties"), "numberOfSites")
    return row.id if count == 0 and tier not in _UNBILLED else None


def _watched(item: Json) -> tuple[str, ...]:
    """The operations an alert watches, lower-cased; none while it is off."""
    body = member(item, "properties")
    if not flag(body, "enabled"):
        return ()
    found: list[str] = []
    for condition in items(member(body, "condition"), "allOf"):
        found.extend(_operations(record(condition, "a condition")))
        for either in optional_items(condition, "anyOf"):
            found.extend(_operations(record(either, "a condition")))
    return tuple(found)


def _operations(condition: dict[str, Any]) -> list[str]:
    if (optional_text(condition, "field") or "").lower() != "operationname":
        return []
    named = [string(value, "containsAny").lower() for value in optional_items(condition, "containsAny")]
    equal = optional_text(condition, "equals")
    return [*named, *((equal.lower(),) if equal else ())]


def _dangling(answers: Answers, every: dict[str, Sites]) -> Observed[tuple[DnsRecord, ...]]:
    """Names that point at an app's host name that no app of any audited subscription has."""
    records = answers.readable(answers.rows(_RECORDS), _alias).complete()
    if isinstance(records, Unknown):
        return records
    owned = {name for sites in every.values() for name in sites.hostnames}
    left = (record for record in records.value if record.target.endswith(ZONES) and record.target not in owned)
    dangling = tuple(sorted(left, key=lambda record: (record.name, record.id)))
    gap = next((sites.gap for sites in every.values() if sites.gap is not None), None)
    if any(sites.nameless or sites.damaged for sites in every.values()):
        gap = gap or answers.gap("graph:Sites", GapReason.MALFORMED, "the names of an app could not be read")
    return Unknown(gap) if dangling and gap is not None else known(dangling, _RECORDS)


def _alias(item: Json) -> DnsRecord:
    body = member(item, "properties")
    alias = optional_member(body, "CNAMERecord") or optional_member(body, "cnameRecord")
    identifier = text(item, "id").lower()
    name = optional_text(body, "fqdn") or _name_in(identifier)
    return DnsRecord(name=name.rstrip(".").lower(), target=text(alias, "cname").rstrip(".").lower(), id=identifier)


def _name_in(identifier: str) -> str:
    zone, _, rest = identifier.partition(_ZONE)[2].partition("/")
    return f"{rest.rpartition('/')[2]}.{zone}"
