"""Bindings, cross-origin rules, source and surroundings on Azure and Google Cloud."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.model.exposure import Cors, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.guardrails import DnsRecord, Guardrails
from auditor.model.inventory import Scope
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from checks.exposure.cors_local_origin import cors_local_origin
from checks.exposure.dangling_hostname import dangling_hostname
from checks.exposure.invoker_inherited import invoker_inherited
from checks.exposure.policy_conditional_public import policy_conditional_public
from checks.exposure.policy_cross_account import policy_cross_account
from checks.exposure.policy_public import policy_public
from checks.exposure.public_grants_not_prevented import public_grants_not_prevented
from checks.exposure.source_bucket_public import source_bucket_public
from checks.exposure.source_readers_wide import source_readers_wide
from checks.exposure.url_cors_any_origin import url_cors_any_origin
from checks.exposure.url_cors_any_origin_credentials import url_cors_any_origin_credentials
from tests.unit.checks import azure, build, gcp
from tests.unit.checks.azure import AROUND, CONFIG, SITES, cors, endpoint, make_azure
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import POLICIES, SERVICE, grant, make_gcp, make_gen1, make_run, policies
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
OPEN = Known(gcp.public(), SERVICE)
EVERYONE = grant(Reach.ANONYMOUS)


def test_policy_public_on_both_generations_services_and_from_above() -> None:
    gen1 = grant(Reach.ANY_PRINCIPAL, sid="roles/cloudfunctions.invoker", actions=("cloudfunctions.functions.invoke",))
    above = grant(Reach.ANONYMOUS, sid=f"project:{gcp.PROJECT}/roles/run.invoker")
    subjects = {
        "gen1": make_gen1(policies=policies(gen1), ingress=OPEN),
        "gen2": make_gcp(policies=policies(EVERYONE), ingress=OPEN),
        "service": make_run(policies=policies(EVERYONE), ingress=OPEN),
        "inherited": make_gcp(policies=policies(grant(), above), ingress=OPEN),
        "may-change": make_gcp(policies=policies(replace(EVERYONE, modifies=True))),
        "closed-network": make_gcp(policies=policies(EVERYONE)),
        "network-denied": make_gcp(policies=policies(EVERYONE), ingress=unknown(SERVICE)),
        "own": make_gcp(),
        "domain": make_gcp(policies=policies(grant(Reach.ORGANISATION))),
        "newer-role": make_gcp(policies=policies(grant(Reach.UNRECOGNISED))),
        "denied": make_run(policies=unknown("run:GetIamPolicy")),
    }
    assert verdicts(policy_public, subjects, gcp.AROUND) == {
        "gen1": FAIL,
        "gen2": FAIL,
        "service": FAIL,
        "inherited": FAIL,
        "may-change": FAIL,
        "closed-network": FAIL,
        "network-denied": FAIL,
        "own": PASS,
        "domain": PASS,
        "newer-role": UNKNOWN,
        "denied": UNKNOWN,
    }
    failing = [name for name, status in verdicts(policy_public, subjects, gcp.AROUND).items() if status is FAIL]
    assert {name: only(policy_public, subjects[name]).severity for name in failing} == {
        "gen1": Severity.HIGH,
        "gen2": Severity.HIGH,
        "service": Severity.HIGH,
        "inherited": Severity.HIGH,
        "may-change": Severity.CRITICAL,
        "closed-network": Severity.LOW,
        "network-denied": Severity.HIGH,
    }
    forms = repairs(policy_public, subjects["inherited"])
    assert any("--member=allUsers --role=roles/run.invoker" in form for form in forms)


def test_an_unread_level_does_not_hide_an_open_one() -> None:
    open_ = QualifiedPolicy(qualifier=None, statements=Known((EVERYONE,), POLICIES))
    unread = QualifiedPolicy(qualifier=None, statements=unknown("resourcemanager:GetFolderPolicy"))
    subjects = {
        "open": make_gcp(policies=Known((unread, open_), POLICIES), ingress=OPEN),
        "own": make_gcp(policies=Known((unread,), POLICIES)),
    }
    assert verdicts(policy_public, subjects, gcp.AROUND) == {"open": FAIL, "own": UNKNOWN}


def test_conditional_and_foreign_bindings() -> None:
    narrowed = grant(Reach.CONDITIONAL, principals=("allUsers",), condition_keys=("request.time < timestamp(...)",))
    partner = grant(Reach.CROSS_ACCOUNT)
    subjects = {
        "conditional": make_gcp(policies=policies(narrowed)),
        "partner": make_gcp(policies=policies(partner)),
        "own": make_gcp(),
        "denied": make_run(policies=unknown(POLICIES)),
    }
    assert verdicts(policy_conditional_public, subjects, gcp.AROUND) == {
        "conditional": FAIL,
        "partner": PASS,
        "own": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(policy_cross_account, subjects, gcp.AROUND) == {
        "conditional": PASS,
        "partner": FAIL,
        "own": PASS,
        "denied": UNKNOWN,
    }
    trusting = gcp.around(trusted_accounts=("partner-prod",))
    assert verdicts(policy_cross_account, {"partner": subjects["partner"]}, trusting) == {"partner": PASS}
    assert repairs(policy_conditional_public, subjects["conditional"])
    assert repairs(policy_cross_account, subjects["partner"], context=gcp.AROUND)


def test_invoker_inherited() -> None:
    folder = grant(Reach.ORGANISATION, sid="folder:12/roles/run.invoker")
    subjects = {
        "domain-above": make_gcp(policies=policies(grant(), folder)),
        "domain-on-itself": make_gcp(policies=policies(grant(Reach.ORGANISATION))),
        "may-change-only": make_gcp(policies=policies(replace(folder, invokes=False, modifies=True))),
        "own": make_gcp(),
        "denied": make_run(policies=unknown("resourcemanager:GetProjectPolicy")),
    }
    assert verdicts(invoker_inherited, subjects, gcp.AROUND) == {
        "domain-above": FAIL,
        "domain-on-itself": FAIL,
        "may-change-only": PASS,
        "own": PASS,
        "denied": UNKNOWN,
    }
    hit = only(invoker_inherited, subjects["domain-above"])
    assert hit.message.startswith("domain:fernhollow.example can invoke orders through folder:12/roles/run.invoker.")
    assert hit.severity is None
    assert only(invoker_inherited, subjects["domain-on-itself"]).severity is Severity.MEDIUM
    assert any(
        "folders remove-iam-policy-binding 12 " in form for form in repairs(invoker_inherited, subjects["domain-above"])
    )


def shared(rules: Cors | None) -> Function:
    second = endpoint(rules=rules, url="https://orders.example/api/second")
    return make_azure(endpoints=Known((endpoint(rules=rules), second), SITES))


def test_cross_origin_rules_of_an_app_are_one_setting() -> None:
    subjects = {
        "every": shared(cors("*")),
        "every-credentials": shared(cors("*", credentials=True)),
        "local-credentials": shared(cors("http://localhost:3000", credentials=True)),
        "local": shared(cors("https://shop.fernhollow.example", "http://localhost:3000", "null")),
        "plain": shared(cors("http://shop.fernhollow.example")),
        "own": shared(cors("https://shop.fernhollow.example", credentials=True)),
        "none": shared(None),
        "no-http": make_azure(endpoints=Known((), SITES)),
        "denied": make_azure(endpoints=unknown(CONFIG)),
    }
    assert verdicts(url_cors_any_origin, subjects, AROUND) == {
        "every": FAIL,
        "every-credentials": FAIL,
        "local-credentials": PASS,
        "local": PASS,
        "plain": PASS,
        "own": PASS,
        "none": PASS,
        "no-http": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(url_cors_any_origin_credentials, subjects, AROUND) == {
        "every": PASS,
        "every-credentials": FAIL,
        "local-credentials": FAIL,
        "local": PASS,
        "plain": PASS,
        "own": PASS,
        "none": PASS,
        "no-http": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(cors_local_origin, subjects, AROUND) == {
        "every": PASS,
        "every-credentials": PASS,
        "local-credentials": FAIL,
        "local": FAIL,
        "plain": FAIL,
        "own": PASS,
        "none": PASS,
        "no-http": PASS,
        "denied": UNKNOWN,
    }
    assert only(url_cors_any_origin, subjects["every"]).evidence[0].detail == "cors.allowedOrigins = *"
    assert only(url_cors_any_origin_credentials, subjects["every-credentials"]).severity is Severity.MEDIUM
    assert [hit.locus for hit in found(cors_local_origin, subjects["local"])] == ["http://localhost:3000", "null"]
    for check, name in (
        (url_cors_any_origin, "every"),
        (url_cors_any_origin_credentials, "every-credentials"),
        (cors_local_origin, "local"),
    ):
        assert any("orders-prod" in form for form in repairs(check, subjects[name]))


def test_cors_local_origin_on_function_urls() -> None:
    local = build.endpoint(cors=cors("http://127.0.0.1:8080"))
    secure = build.endpoint(cors=cors("https://localhost", "https://shop.fernhollow.example"))
    function = build.make(endpoints=Known((local,), "lambda:ListFunctionUrlConfigs"))
    subjects = {
        "local": function,
        "local-tls": build.make(endpoints=Known((secure,), "lambda:ListFunctionUrlConfigs")),
        "none": build.make(),
        "denied": build.make(endpoints=unknown("lambda:ListFunctionUrlConfigs")),
    }
    assert verdicts(cors_local_origin, subjects) == {
        "local": FAIL,
        "local-tls": FAIL,
        "none": PASS,
        "denied": UNKNOWN,
    }
    assert only(cors_local_origin, function).locus == f"{local.url} http://127.0.0.1:8080"
    assert repairs(cors_local_origin, function)


def test_source_bucket_public_is_critical_where_strangers_write() -> None:
    def built(**changes: Any) -> Function:
        return make_gcp(deployment=Known(gcp.deployment(build=gcp.build(**changes)), gcp.LISTED))

    reads = grant(Reach.ANONYMOUS, sid="roles/storage.objectViewer", actions=("storage.objects.get",), invokes=False)
    subjects = {
        "read": built(source_buckets=gcp.source_buckets(reads)),
        "write": built(source_buckets=gcp.source_buckets(replace(reads, modifies=True))),
        "own": built(source_buckets=gcp.source_buckets(replace(reads, reach=Reach.SCOPED))),
        "sound": make_gcp(),
        "no-bucket": built(source_buckets=not_offered(gcp.LISTED, "it has no bucket")),
        "denied": built(source_buckets=unknown("storage:GetBucketPolicy")),
    }
    assert verdicts(source_bucket_public, subjects, gcp.AROUND) == {
        "read": FAIL,
        "write": FAIL,
        "own": PASS,
        "sound": PASS,
        "no-bucket": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert only(source_bucket_public, subjects["read"]).severity is None
    assert only(source_bucket_public, subjects["write"]).severity is Severity.CRITICAL
    assert any("--role=roles/storage.objectViewer" in form for form in repairs(source_bucket_public, subjects["read"]))


def guarded(rails: Guardrails) -> Scope:
    return gcp.scope(guardrails=Known(rails, "resourcemanager:SearchProjects"))


def test_source_readers_wide_names_groups_not_people() -> None:
    read = "resourcemanager:GetProjectPolicy"

    def readers(*members: str) -> Scope:
        return guarded(gcp.guardrails(source_readers=Known(members, read)))

    subjects = {
        "group": readers("group:staff@fernhollow.example", "user:lead@fernhollow.example"),
        "everyone": readers("allAuthenticatedUsers"),
        "people": readers("user:lead@fernhollow.example", f"serviceAccount:ci@{gcp.PROJECT}.iam.gserviceaccount.com"),
        "nobody": gcp.scope(),
        "denied": guarded(gcp.guardrails(source_readers=unknown(read))),
        "scope-denied": gcp.scope(guardrails=unknown("resourcemanager:SearchProjects")),
    }
    assert verdicts(source_readers_wide, subjects, gcp.AROUND) == {
        "group": FAIL,
        "everyone": FAIL,
        "people": PASS,
        "nobody": PASS,
        "denied": UNKNOWN,
        "scope-denied": UNKNOWN,
    }
    assert only(source_readers_wide, subjects["group"]).locus == "group:staff@fernhollow.example"
    assert only(source_readers_wide, subjects["everyone"]).severity is Severity.HIGH
    assert repairs(source_readers_wide, subjects["group"])


def test_z13_public_grants_not_prevented() -> None:
    lax = gcp.constraints(**{"iam.allowedPolicyMemberDomains": False})
    managed = {"iam.allowedPolicyMemberDomains": False, "iam.managed.allowedPolicyMembers": True}
    subjects = {
        "not-enforced": guarded(gcp.guardrails(policies=lax)),
        "not-set": guarded(gcp.guardrails(policies=Known((), "orgpolicy:GetEffectivePolicy"))),
        "enforced": gcp.scope(),
        "managed": guarded(gcp.guardrails(policies=gcp.constraints(**managed))),
        "denied": guarded(gcp.guardrails(policies=unknown("orgpolicy:GetEffectivePolicy"))),
        "no-functions": guarded(gcp.guardrails(policies=not_offered(gcp.LISTED, "the project has no functions"))),
    }
    assert verdicts(public_grants_not_prevented, subjects, gcp.AROUND) == {
        "not-enforced": FAIL,
        "not-set": FAIL,
        "enforced": PASS,
        "managed": PASS,
        "denied": UNKNOWN,
        "no-functions": OUTSIDE,
    }
    assert repairs(public_grants_not_prevented, subjects["not-enforced"])


def test_dangling_hostname() -> None:
    def named(names: Any) -> Scope:
        return azure.scope(guardrails=Known(azure.guardrails(dangling_names=names), "resources:ListSubscriptions"))

    record = azure.arm("Microsoft.Network/dnsZones", "fernhollow.example/cname/old").lower()
    left = DnsRecord(name="old.fernhollow.example", target="orders-old.azurewebsites.net", id=record)
    subjects = {
        "left": named(Known((left,), "graph:DnsRecords")),
        "none": azure.scope(),
        "denied": named(unknown("graph:DnsRecords")),
    }
    assert verdicts(dangling_hostname, subjects, AROUND) == {"left": FAIL, "none": PASS, "denied": UNKNOWN}
    hit = only(dangling_hostname, subjects["left"])
    assert (hit.locus, hit.evidence[0].detail) == (left.name, f"{record}: CNAME orders-old.azurewebsites.net")
    assert f"az network dns record-set cname delete --ids {record}" in repairs(dangling_hostname, subjects["left"])


ORIGINS = {
    "HTTPS://*": (FAIL, PASS),
    "*://*": (FAIL, PASS),
    "https://*:443": (FAIL, PASS),
    " * ": (FAIL, PASS),
    "HTTP://shop.fernhollow.example": (PASS, FAIL),
    "https://shop.localhost": (PASS, FAIL),
    "https://127.0.1.1:8443": (PASS, FAIL),
    "https://*.azurewebsites.net": (PASS, FAIL),
    "https://*.com": (PASS, FAIL),
    "https://*.fernhollow.example": (PASS, PASS),
    "https://localhost.fernhollow.example": (PASS, PASS),
}
"""Origin: the verdict on every origin, and on those of others."""


@pytest.mark.parametrize("origin", ORIGINS)
def test_origins_however_they_are_spelt(origin: str) -> None:
    app = shared(cors(origin))
    found_now = tuple(verdicts(each, {"app": app}, AROUND)["app"] for each in (url_cors_any_origin, cors_local_origin))
    assert found_now == ORIGINS[origin]
