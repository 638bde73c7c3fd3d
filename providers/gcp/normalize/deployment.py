"""How code reaches a function: source and build, revisions that still answer, and where record and service disagree."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from auditor.model.deployment import Deployment, Revisions
from auditor.model.environment import Variable
from auditor.model.observed import GapReason, Observed, Unknown, not_offered
from auditor.model.secret import SecretVerdict
from providers.gcp.normalize import limits
from providers.gcp.normalize.answers import Answers, Told, known, of
from providers.gcp.normalize.build import Builds
from providers.gcp.normalize.environment import (
    PLATFORM,
    added,
    container_variables,
    containers,
    service_variables,
    variables,
)
from providers.gcp.normalize.fields import (
    Enumeration,
    UnreadableError,
    member,
    number,
    optional_flag,
    optional_items,
    optional_member,
    optional_number,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.function_list import Entry
from providers.gcp.normalize.ingress import recorded, serving
from providers.gcp.normalize.names import last
from providers.gcp.normalize.network import recorded_way, service_way

_REVISIONS: Final = "run:ListRevisions"
_SECOND: Final = 2
_TARGETS: Final[Enumeration[bool]] = Enumeration(
    TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST=True,
    TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION=False,
)

Setting = tuple[str, str]


def deployment(entry: Entry, builds: Builds, answers: Answers) -> Deployment:
    """The deployment of a function."""
    none = not_offered(entry.source, "Google Cloud has nothing of the kind")
    return Deployment(
        source=builds.source(entry),
        package=none,
        key_store=none,
        host_storage=none,
        content_storage=none,
        deployment_storage=none,
        storage_required=none,
        mounts_with_key=none,
        sticky=none,
        unsticky_secrets=none,
        registry=none,
        build=builds.build(entry),
        revisions=Revisions(receiving=_receiving(entry), secrets=_old_secrets(entry, answers)),
        drift=_drift(entry),
        detached=entry.detached,
        unlisted=entry.unlisted,
        binary_authorization=_attested(entry),
        break_glass=of(entry.service, _break_glass),
    )


def _attested(entry: Entry) -> Observed[bool]:
    """Whether images need attestation: as the service has it; a record alone is believed only where it says no."""
    service = of(entry.service, _service_attested)
    if service.known or entry.record is None or entry.generation != _SECOND:
        return service
    own = entry.record.fact(
        lambda body: bool(optional_text(member(body, "serviceConfig"), "binaryAuthorizationPolicy"))
    )
    return own if own.known and not own.value else service


def _service_attested(body: dict[str, Any]) -> bool:
    given = optional_member(body, "binaryAuthorization")
    return optional_flag(given, "useDefault") or bool(optional_text(given, "policy"))


def _break_glass(body: dict[str, Any]) -> str | None:
    return optional_text(optional_member(body, "binaryAuthorization"), "breakglassJustification") or None


def _receiving(entry: Entry) -> Observed[tuple[str, ...]]:
    return of(entry.service, _older_targets)


def _older_targets(body: dict[str, Any]) -> tuple[str, ...]:
    """Revisions and tags besides the newest that answer requests; no split at all sends everything to the newest."""
    newest = last(optional_text(body, "latestReadyRevision"))
    found = []
    for item in optional_items(body, "traffic"):
        target = record(item)
        if _TARGETS.read(target, "type"):
            continue
        revision = last(text(target, "revision"))
        tag = optional_text(target, "tag")
        if revision and revision != newest and (tag or optional_number(target, "percent")):
            found.append(f"{revision} (tag {tag})" if tag else revision)
    return tuple(dict.fromkeys(found))


def _old_secrets(entry: Entry, answers: Answers) -> Observed[tuple[str, ...]]:
    """Plain variables judged credentials in revisions that no longer serve."""
    if isinstance(entry.service, Unknown):
        return entry.service
    serving_now = entry.service.value.fact(_serving_revisions)
    if isinstance(serving_now, Unknown):
        return serving_now
    listing = answers.listed(_REVISIONS, "revisions", "items", subject=entry.service.value.name)
    judged = answers.readable(listing, _credentials)
    found = tuple(
        f"{name}/{variable}" for name, names in judged.items if name not in serving_now.value for variable in names
    )
    if judged.gap is not None and not found:
        return Unknown(judged.gap)
    return known(found, _REVISIONS)


def _serving_revisions(body: dict[str, Any]) -> frozenset[str]:
    newest = last(optional_text(body, "latestReadyRevision"))
    named = (last(optional_text(record(item), "revision")) for item in optional_items(body, "traffic"))
    return frozenset((newest, *named))


def _credentials(body: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    if "spec" in body:
        name, holder = text(member(body, "metadata"), "name"), member(body, "spec")
    else:
        name, holder = last(text(body, "name")), body
    found = (variable for container in containers(holder) for variable in container_variables(container))
    return name, tuple(variable.name for variable in found if variable.verdict is SecretVerdict.SECRET)


def _drift(entry: Entry) -> Observed[tuple[str, ...]]:
    """The settings on which a second-generation function's record and its service disagree."""
    if entry.generation != _SECOND or entry.record is None:
        return not_offered(entry.source, "only a second-generation function is recorded twice")
    if isinstance(entry.service, Unknown):
        return entry.service
    found: list[str] = []
    gap: Unknown | None = None
    for name, own, service in _COMPARED:
        before, after = entry.record.fact(own), entry.service.value.fact(service)
        for side in (before, after):
            gap = gap or (
                side if isinstance(side, Unknown) and side.gap.reason is not GapReason.NOT_COLLECTED else None
            )
        if before.known and after.known and before.value != after.value:
            found.append(f"{name}: {before.value} → {after.value}")
    variables_ = _variable_drift(entry.record, entry.service.value)
    if isinstance(variables_, Unknown):
        gap = gap or variables_
    else:
        found.extend(variables_.value)
    return gap if gap is not None and not found else known(tuple(found), entry.service.source)


def _variable_drift(own: Told, service: Told) -> Observed[tuple[str, ...]]:
    before = own.fact(lambda body: variables(member(body, "serviceConfig"), "environmentVariables"))
    after = service.fact(service_variables)
    if isinstance(before, Unknown):
        return before
    if isinstance(after, Unknown):
        return after
    return known(tuple(_differing(before.value, after.value)), service.source)


def _differing(before: tuple[Variable, ...], after: tuple[Variable, ...]) -> Iterator[str]:
    """Names alone: values never show."""
    own, serving_ = {each.name for each in before} - PLATFORM, {each.name for each in after}
    for name in sorted({each.name for each in added(before, after)}):
        yield f"variable {name}: changed" if name in own else f"variable {name}: only in the service"
    for name in sorted(own - serving_):
        yield f"variable {name}: missing from the service"


def _untold(*_: object) -> Any:
    raise UnreadableError("not told", GapReason.NOT_COLLECTED)


def _account(config: dict[str, Any], key: str) -> str:
    return optional_text(config, key).lower() or _untold()


def _ceiling(body: dict[str, Any]) -> int:
    return optional_number(optional_member(member(body, "template"), "scaling"), "maxInstanceCount") or _untold()


def _memory(body: dict[str, Any]) -> int:
    given = optional_member(optional_member(limits.main(body), "resources"), "limits")
    return limits.megabytes(text(given, "memory")) if "memory" in given else _untold()


def _timeout(body: dict[str, Any]) -> int:
    template = member(body, "template")
    return limits.seconds(template, "timeout") if "timeout" in template else _untold()


def _per_instance(body: dict[str, Any], *path: str) -> int:
    for step in path:
        body = member(body, step)
    key = "maxInstanceRequestConcurrency"
    return number(body, key) or _untold() if key in body else _untold()


def _connector(way: Any) -> str:
    return last(way.connector or way.network or way.subnetwork or "none")


_COMPARED: Final[tuple[tuple[str, Callable[[dict[str, Any]], Any], Callable[[dict[str, Any]], Any]], ...]] = (
    ("ingress", recorded, serving),
    (
        "service account",
        lambda body: _account(member(body, "serviceConfig"), "serviceAccountEmail"),
        lambda body: _account(member(body, "template"), "serviceAccount"),
    ),
    (
        "maximum instances",
        lambda body: optional_number(member(body, "serviceConfig"), "maxInstanceCount") or _untold(),
        _ceiling,
    ),
    ("memory in MB", lambda body: limits.memory(member(body, "serviceConfig")), _memory),
    (
        "timeout in seconds",
        lambda body: limits.seconds(member(body, "serviceConfig"), "timeoutSeconds", "timeout"),
        _timeout,
    ),
    (
        "requests per instance",
        lambda body: _per_instance(body, "serviceConfig"),
        lambda body: _per_instance(body, "template"),
    ),
    ("network", lambda body: _connector(recorded_way(body)), lambda body: _connector(service_way(body))),
)
"""What is compared; a setting that one side does not tell is no difference."""
