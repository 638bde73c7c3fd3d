"""What holds for a whole project: audit logs, sinks, alerts, organisation policies, who can read source code."""

from typing import Any, Final

from auditor.model.guardrails import AuditLogs, Guardrails
from auditor.model.observed import Gap, Observed, Unknown, not_offered
from providers.gcp.iam.grants import Question, bindings
from providers.gcp.iam.members import MemberKind, parse
from providers.gcp.iam.roles import READ_SOURCE
from providers.gcp.normalize import constraints, sinks
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import (
    Enumeration,
    optional_items,
    optional_member,
    optional_text,
    record,
    text,
    texts,
)
from providers.gcp.normalize.function_list import LISTED
from providers.gcp.normalize.hierarchy import PROJECT_POLICY
from providers.gcp.normalize.project_index import ProjectIndex, readable

_SERVICES: Final = "serviceusage:ListServices"
_CHANNELS: Final = "eventarc:ListChannels"
_TRIGGERS: Final = "eventarc:ListTriggers"
_INVENTORY: Final = "cloudasset.googleapis.com"
_DATA: Final[Enumeration[bool]] = Enumeration(ADMIN_READ=False, DATA_WRITE=True, DATA_READ=True)
"""Admin reads alone do not tell who called or read what."""
_BASIC: Final = frozenset(f"roles/{name}" for name in ("owner", "editor", "viewer", "admin", "writer", "reader"))
_WIDE: Final = (*(MemberKind.EVERYONE, MemberKind.AUTHENTICATED, MemberKind.DOMAIN, MemberKind.GROUP, MemberKind.SET),)
_READS_SOURCE: Final = Question(reads=(READ_SOURCE,))


def guardrails(estate: ProjectIndex, project: str, *, empty: bool) -> Guardrails:
    """The guardrails of a project. ``empty``: it is known to hold no function, and is asked nothing more."""
    answers = estate.projects[project].answers
    if empty and not answers.places(PROJECT_POLICY):
        why = not_offered(LISTED, "the project has no functions")
        return Guardrails(
            detection_plans=why,
            serverless_posture=why,
            alerts=why,
            audit_logs=why,
            sinks=why,
            log_exclusions=why,
            log_retention_days=why,
            asset_inventory=why,
            policies=why,
            empty_plans=why,
            dangling_names=why,
            source_readers=why,
            workflows=why,
            channel_keys=why,
            basic_roles=why,
        )
    none = not_offered(LISTED, "Google Cloud has nothing of the kind")
    return Guardrails(
        alerts=sinks.alerts(answers),
        audit_logs=_audit_logs(estate, project),
        sinks=sinks.sinks(answers),
        log_exclusions=sinks.exclusions(answers),
        log_retention_days=sinks.retention(answers),
        asset_inventory=_inventory(answers),
        policies=constraints.policies(answers),
        empty_plans=none,
        dangling_names=none,
        source_readers=_source_readers(estate, project),
        workflows=none,
        channel_keys=_channel_keys(answers),
        basic_roles=_basic_roles(estate, project),
    )


def _channel_keys(answers: Answers) -> Observed[tuple[tuple[str, bool], ...]]:
    found = answers.readable(answers.listed(_CHANNELS, "channels"), _channel).complete()
    triggers = answers.listed(_TRIGGERS, "triggers").items
    named = next((name for body in triggers if isinstance(name := body.get("channel"), str) and name), None)
    if named is not None and answers.silent(_CHANNELS, "channels"):
        return Unknown(answers.contradiction(_CHANNELS, f"a trigger names {named}"))
    return found


def _channel(body: dict[str, Any]) -> tuple[str, bool]:
    return text(body, "name"), bool(optional_text(body, "cryptoKeyName"))


def _inventory(answers: Answers) -> Observed[bool]:
    names = answers.readable(answers.listed(_SERVICES, "services"), _service)
    if _INVENTORY in names.items:
        return known(True, _SERVICES)
    return names.absence(False)


def _service(body: dict[str, Any]) -> str:
    """The name of an enabled service; the list holds no others."""
    config = optional_member(body, "config")
    return optional_text(config, "name") or text(body, "name").rpartition("/")[2]


def _audit_logs(estate: ProjectIndex, project: str) -> Observed[AuditLogs]:
    """Data-access logs that a project configures, with those it inherits."""
    services: list[str] = []
    exempted: list[str] = []
    source = PROJECT_POLICY
    for level in estate.levels(project):
        if isinstance(level.policy, Unknown):
            return level.policy
        fact = level.policy.value.fact(_audited)
        if isinstance(fact, Unknown):
            return fact
        services.extend(fact.value[0])
        exempted.extend(fact.value[1])
    logs = AuditLogs(services=tuple(dict.fromkeys(services)), exempted=tuple(dict.fromkeys(exempted)))
    return known(logs, source)


def _audited(body: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    services: list[str] = []
    exempted: list[str] = []
    for config in (record(item) for item in optional_items(body, "auditConfigs")):
        name = text(config, "service")
        for entry in (record(item) for item in optional_items(config, "auditLogConfigs")):
            if _DATA.read(entry, "logType"):
                services.append(name)
                exempted.extend(texts(entry, "exemptedMembers"))
    return tuple(services), tuple(exempted)


def _source_readers(estate: ProjectIndex, project: str) -> Observed[tuple[str, ...]]:
    """Who can download the source of every function of a project."""
    found: list[str] = []
    source = PROJECT_POLICY
    wide = False
    gap: Gap | None = None
    for _, grants in estate.inherited(project, _READS_SOURCE):
        if isinstance(grants, Unknown):
            gap = gap or grants.gap
            continue
        for grant in grants.value:
            if not grant.actions and gap is None:
                gap = estate.untold(grant, grants.source)
            found.extend(grant.principals if grant.actions else ())
        if not wide and any(parse(member_).kind in _WIDE for member_ in found):
            wide, source = True, grants.source
    if gap is not None and not wide:
        return Unknown(gap)  # many may read it by what could not be read
    return known(tuple(dict.fromkeys(found)), source)


def _basic_roles(estate: ProjectIndex, project: str) -> Observed[tuple[tuple[str, str], ...]]:
    """Who holds a basic role on the project itself; Google's own service agents are left out."""
    policy = estate.levels(project)[0].policy
    if isinstance(policy, Unknown):
        return policy
    return policy.value.fact(_basic)


def _basic(body: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (binding.role, member_)
        for binding in bindings(readable(body))
        for member_ in binding.members
        if binding.role in _BASIC and parse(member_).kind not in (MemberKind.AGENT, MemberKind.DELETED)
    )
