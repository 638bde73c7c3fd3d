"""Google functions that are stale, drifted or unbounded, and what their project allows: named, with the verdict on each."""

from datetime import date
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.code import Patching
from auditor.model.deployment import Revisions
from auditor.model.finding import Status
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from checks.insecure_configuration.custom_audience_accepted import custom_audience_accepted
from checks.insecure_configuration.default_account_grant_not_prevented import default_account_grant_not_prevented
from checks.insecure_configuration.deployment_stale import deployment_stale
from checks.insecure_configuration.deployments_not_constrained import deployments_not_constrained
from checks.insecure_configuration.event_channel_no_cmk import event_channel_no_cmk
from checks.insecure_configuration.first_generation import first_generation
from checks.insecure_configuration.function_no_cmk import function_no_cmk
from checks.insecure_configuration.image_repository_default import image_repository_default
from checks.insecure_configuration.registry_legacy import registry_legacy
from checks.insecure_configuration.revision_receives_traffic import revision_receives_traffic
from checks.insecure_configuration.service_drift import service_drift
from checks.third_party_dependency.runtime_pinned import runtime_pinned
from tests.unit.checks import gcp
from tests.unit.checks.build import Subject, Surroundings, found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, SERVICE, make_gcp, make_gen1, make_run
from tests.unit.checks.repairs import repairs

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
GRANT = "iam.automaticIamGrantsForDefaultServiceAccounts"
MANAGED_GRANT = "iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts"
OLD = Known("2025-11-01T08:00:00Z", LISTED)


def built(**build: Any) -> Subject:
    return make_gcp(deployment=Known(gcp.deployment(build=gcp.build(**build)), LISTED))


def deployed(**deployment: Any) -> Subject:
    return make_gcp(deployment=Known(gcp.deployment(**deployment), LISTED))


def receiving(entries: Any) -> Subject:
    return deployed(revisions=Revisions(receiving=entries, secrets=Known((), "run:ListRevisions")))


def listening(audiences: Any) -> Subject:
    return make_run(hosting=Known(gcp.hosting(HostingKind.SERVICE, audiences=audiences), SERVICE))


def keyed(key: Any) -> Subject:
    return make_gcp(storage=Known(gcp.storage(customer_key=key), LISTED))


def project(**guardrails: Any) -> Subject:
    return gcp.scope(guardrails=Known(gcp.guardrails(**guardrails), "resourcemanager:SearchProjects"))


def patched(patching: Any, **build: Any) -> Subject:
    more: dict[str, Any] = {"deployment": Known(gcp.deployment(build=gcp.build(**build)), LISTED)}
    return make_gcp(code=gcp.code(patching=patching), **more)


ON_UPDATE = Known(Patching.ON_UPDATE, LISTED)
UNBOUND = project(policies=gcp.constraints(**{"run.allowedIngress": False}))
UNREAD = project(policies=unknown("orgpolicy:GetEffectivePolicy"))
NO_FUNCTIONS = gcp.scope(guardrails=not_offered(LISTED, "the project has no functions"))
CASES: list[tuple[Check, str, Subject, Status]] = [
    (deployment_stale, "a year old, never updated", built(deployed_at=OLD, automatic_updates=Known(False, LISTED)), FAIL),
    (deployment_stale, "a year old, kept up to date", built(deployed_at=OLD), PASS),
    (deployment_stale, "new, updates unread", built(automatic_updates=unknown(LISTED)), PASS),
    (deployment_stale, "old, updates unread", built(deployed_at=OLD, automatic_updates=unknown(LISTED)), UNKNOWN),
    (deployment_stale, "unread", built(deployed_at=unknown(LISTED)), UNKNOWN),
    (first_generation, "first", make_gen1(), FAIL),
    (first_generation, "second", make_gcp(), PASS),
    (first_generation, "service", make_run(), PASS),
    (first_generation, "newer than us", make_gcp(hosting=Known(gcp.hosting(HostingKind.UNRECOGNISED), LISTED)), UNKNOWN),
    (first_generation, "unread", make_gcp(hosting=unknown(LISTED)), UNKNOWN),
    (image_repository_default, "gcf-artifacts", built(own_repository=Known(None, LISTED)), FAIL),
    (image_repository_default, "own", make_gcp(), PASS),
    (image_repository_default, "unread", built(own_repository=unknown(LISTED)), UNKNOWN),
    (registry_legacy, "container registry", built(legacy_registry=Known(True, LISTED)), FAIL),
    (registry_legacy, "z14 artifact registry, which serves gcr.io too", make_gcp(), PASS),
    (registry_legacy, "unread", built(legacy_registry=unknown(LISTED)), UNKNOWN),
    (function_no_cmk, "the cloud's key", keyed(Known(None, LISTED)), FAIL),
    (function_no_cmk, "own key", make_gcp(), PASS),
    (function_no_cmk, "unread", keyed(unknown(LISTED)), UNKNOWN),
    (service_drift, "another account", deployed(drift=Known(("service account: a@p → b@p",), SERVICE)), FAIL),
    (service_drift, "ingress only", deployed(drift=Known(("ingress: internal → all",), SERVICE)), PASS),
    (service_drift, "agreed", make_gcp(), PASS),
    (service_drift, "unread", deployed(drift=unknown(SERVICE)), UNKNOWN),
    (service_drift, "first generation", deployed(drift=not_offered(LISTED, "recorded once")), ELSEWHERE),
    (revision_receives_traffic, "tagged", receiving(Known(("orders-00001-abc (tag canary)",), SERVICE)), FAIL),
    (revision_receives_traffic, "newest only", make_gcp(), PASS),
    (revision_receives_traffic, "unread", receiving(unknown(SERVICE)), UNKNOWN),
    (revision_receives_traffic, "first generation", receiving(not_offered(LISTED, "it has no revisions")), ELSEWHERE),
    (custom_audience_accepted, "shared name", listening(Known(("orders-internal",), SERVICE)), FAIL),
    (custom_audience_accepted, "own name only", make_run(), PASS),
    (custom_audience_accepted, "unread", listening(unknown(SERVICE)), UNKNOWN),
    (custom_audience_accepted, "first generation", listening(not_offered(LISTED, "no service")), ELSEWHERE),
    (deployments_not_constrained, "ingress unbounded", UNBOUND, FAIL),
    (deployments_not_constrained, "bounded", gcp.scope(), PASS),
    (deployments_not_constrained, "unread", UNREAD, UNKNOWN),
    (deployments_not_constrained, "no functions", NO_FUNCTIONS, ELSEWHERE),
    (default_account_grant_not_prevented, "granted", project(policies=gcp.constraints(**{GRANT: False})), FAIL),
    (default_account_grant_not_prevented, "prevented", gcp.scope(), PASS),
    (
        default_account_grant_not_prevented,
        "z13 prevented by the managed constraint",
        project(policies=gcp.constraints(**{GRANT: False, MANAGED_GRANT: True})),
        PASS,
    ),
    (default_account_grant_not_prevented, "unread", UNREAD, UNKNOWN),
    (default_account_grant_not_prevented, "no functions", NO_FUNCTIONS, ELSEWHERE),
    (event_channel_no_cmk, "the cloud's key", project(channel_keys=Known((("channels/a", False),), "c")), FAIL),
    (event_channel_no_cmk, "own key", project(channel_keys=Known((("channels/a", True),), "c")), PASS),
    (event_channel_no_cmk, "unread", project(channel_keys=unknown("eventarc:ListChannels")), UNKNOWN),
    (event_channel_no_cmk, "none", gcp.scope(), ELSEWHERE),
    (runtime_pinned, "on deployment", patched(ON_UPDATE), FAIL),
    (runtime_pinned, "automatic", make_gcp(), PASS),
    (runtime_pinned, "unread", patched(unknown(LISTED)), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}
    if status is FAIL:
        assert repairs(check, subject)


def test_a_constraint_that_is_missing_altogether_is_not_in_force() -> None:
    hits = found(deployments_not_constrained, project(policies=Known((), "orgpolicy:GetEffectivePolicy")))
    assert [hit.locus for hit in hits] == [
        "cloudfunctions.allowedIngressSettings",
        "run.allowedIngress",
        "cloudfunctions.requireVPCConnector",
        "run.allowedVPCEgress",
        "cloudfunctions.restrictAllowedGenerations",
        "gcp.resourceLocations",
    ]
    assert only(deployments_not_constrained, UNBOUND).locus == "run.allowedIngress"


def test_drift_has_one_finding_a_setting() -> None:
    entries = ("ingress: internal → all", "memory in MB: 256 → 512", "variable PAYMENT_KEY: only in the service")
    hits = found(service_drift, deployed(drift=Known(entries, SERVICE)))
    assert [hit.locus for hit in hits] == ["memory in MB", "variable PAYMENT_KEY"]
    assert hits[0].message == "Function orders and its Cloud Run service disagree on memory in MB: 256 → 512"


def test_the_tag_is_taken_off() -> None:
    forms = repairs(revision_receives_traffic, receiving(Known(("orders-00001-abc (tag canary)",), SERVICE)))
    assert any("--to-latest --remove-tags=canary" in form for form in forms)


def test_patching_on_deployment_counts_in_full_after_three_months() -> None:
    assert only(runtime_pinned, patched(ON_UPDATE)).severity is Severity.LOW
    assert only(runtime_pinned, patched(ON_UPDATE), Surroundings(today=date(2027, 2, 1))).severity is None
    assert only(runtime_pinned, patched(ON_UPDATE, deployed_at=unknown(LISTED))).severity is Severity.LOW
