"""What the answers of a project say of its functions."""

from dataclasses import replace
from typing import Any

from auditor.model.capture import Envelope
from auditor.model.deployment import Source, SourceKind
from auditor.model.environment import EncryptionKey, KeyState
from auditor.model.exposure import AuthMode, Reach
from auditor.model.function import Function
from auditor.model.guardrails import Caller
from auditor.model.hosting import HostingKind, ServiceState
from auditor.model.identity import AssignmentLevel, RolePower
from auditor.model.ingress import IngressScope
from auditor.model.lifecycle import Support
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.tags import Tags
from auditor.model.trigger import TriggerKind
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import (
    ACCOUNT,
    APPSPOT,
    CHECKOUT_URL,
    COMPUTE,
    FOREIGN,
    KEY,
    NUMBER,
    ORDERS_URL,
    PROJECT,
    REGION,
    RESIZE_URL,
    SECRET,
    TOPIC,
    WHERE,
    binding,
    capture,
    checkout,
    denied,
    envelopes,
    ok,
    orders,
    orders_service,
    policy,
    resize,
)

FUNCTIONS = "functions:ListFunctions"
SERVICES = "run:ListServices"


def function(name: str, *changes: Envelope, without: tuple[str, ...] = (), **rest: Any) -> Function:
    """One function of the project, some answers replaced."""
    inventory = normalize(capture(*changes, without=without, **rest))
    return next(found for found in inventory.functions if found.name == name)


def gap(fact: Observed[Any]) -> tuple[GapReason, str]:
    """Why a fact is unknown, and which operation would tell it."""
    assert isinstance(fact, Unknown), fact
    return fact.gap.reason, fact.gap.operation


def listed(**changes: Any) -> Envelope:
    """The first-generation function with some members of its service configuration replaced."""
    body = resize()
    body["serviceConfig"] |= changes
    return ok(FUNCTIONS, {"functions": [body]})


def served(**changes: Any) -> Envelope:
    """The services, the one of orders changed."""
    return ok(SERVICES, {"services": [orders_service() | changes, checkout()]}, location=REGION)


def test_functions_of_both_generations_and_of_cloud_run_alone_are_told_apart() -> None:
    kinds = {
        found.id: (found.hosting.need().kind, found.source, found.deployment.need().unlisted.need())
        for found in normalize(capture()).functions
    }
    assert kinds == {
        f"//cloudfunctions.googleapis.com/{WHERE}/functions/resize": (HostingKind.FIRST_GENERATION, FUNCTIONS, False),
        f"//cloudfunctions.googleapis.com/{WHERE}/functions/orders": (HostingKind.SECOND_GENERATION, FUNCTIONS, False),
        f"//run.googleapis.com/{WHERE}/services/checkout": (HostingKind.SERVICE, SERVICES, True),
    }


def test_an_ordinary_service_is_no_function() -> None:
    ordinary = {key: value for key, value in checkout().items() if key != "buildConfig"}
    change = ok(SERVICES, {"services": [orders_service(), ordinary]}, location=REGION)
    assert [found.name for found in normalize(capture(change)).functions] == ["orders", "resize"]


def test_a_service_that_lost_its_function_is_detached() -> None:
    gone = ok(FUNCTIONS, {}, page=1)
    found = function("orders", gone)
    assert found.id == f"//run.googleapis.com/{WHERE}/services/orders"
    assert found.deployment.need().detached == Known(True, SERVICES)


def test_a_service_of_a_function_that_the_broken_list_may_hold_is_not_told_twice() -> None:
    broken = ok(FUNCTIONS, 7, page=1)
    inventory = normalize(capture(broken, without=("asset:ListResources",)))
    assert [found.name for found in inventory.functions] == ["resize", "checkout"]
    assert gap(inventory.locations[0].functions) == (GapReason.MALFORMED, FUNCTIONS)


def test_runtime_and_the_dates_the_cloud_gives_for_it() -> None:
    assert function("resize").runtime == Known("python312", FUNCTIONS)
    assert function("checkout").runtime == Known("python313", SERVICES)
    assert function("orders").support == Known(
        Support(deprecated_on="2025-04-30", decommissioned_on="2025-10-30", ended=True), "functions:ListRuntimes"
    )
    assert function("checkout").support.need() == Support(deprecated_on=None, decommissioned_on=None, preview=True)


def test_limits_of_each_generation() -> None:
    first, second, service = (function(name).limits for name in ("resize", "orders", "checkout"))
    assert (first.timeout_seconds.need(), first.memory_mb.need(), first.max_instances.need()) == (60, 256, 3000)
    assert (first.min_instances.need(), first.per_instance.need()) == (1, 1)
    assert gap(first.gpus)[0] is GapReason.NOT_OFFERED
    assert (second.timeout_seconds.need(), second.memory_mb.need(), second.max_instances.need()) == (540, 512, 100)
    assert (second.per_instance.need(), second.cpus.need(), second.gpus.need()) == (1, 0.3333, 0)
    assert (service.timeout_seconds.need(), service.memory_mb.need(), service.max_instances.need()) == (3600, 2048, 20)
    assert (service.min_instances.need(), service.per_instance.need(), service.cpus.need()) == (2, 80, 4.0)
    assert service.gpus == Known(1, SERVICES)


def test_an_instance_has_what_all_its_containers_have() -> None:
    beside = {"image": "proxy:1", "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}
    body = checkout()
    body["template"]["containers"].append(beside)
    limits = function("checkout", ok(SERVICES, {"services": [orders_service(), body]}, location=REGION)).limits
    assert (limits.memory_mb.need(), limits.cpus.need()) == (2304, 4.5)


def test_numbers_may_come_as_doubles_and_an_unset_ceiling_is_the_platforms() -> None:
    limits = function("resize", listed(timeoutSeconds=60.0, maxInstanceCount=0, minInstanceCount=2.0)).limits
    assert limits.timeout_seconds == Known(60, FUNCTIONS)
    assert limits.max_instances == Known(None, FUNCTIONS)
    assert limits.min_instances == Known(2, FUNCTIONS)
    assert gap(function("resize", listed(timeoutSeconds=60.5)).limits.timeout_seconds)[0] is GapReason.MALFORMED


def test_enums_may_come_as_numbers() -> None:
    body = resize() | {"environment": 1, "state": 2}
    body["serviceConfig"] |= {"ingressSettings": 2, "securityLevel": 1.0}
    found = function("resize", ok(FUNCTIONS, {"functions": [body]}))
    assert found.hosting.need().kind is HostingKind.FIRST_GENERATION
    assert found.hosting.need().state == Known(ServiceState.FAILED, FUNCTIONS)
    assert found.ingress.need().scope == Known(IngressScope.INTERNAL, FUNCTIONS)
    assert found.transport.need().https_only == Known(True, FUNCTIONS)


def test_invokers_of_the_first_generation_are_its_own_policy() -> None:
    found = function("resize")
    (endpoint,) = found.endpoints.need()
    assert (endpoint.url, endpoint.auth) == (RESIZE_URL, AuthMode.IAM)
    assert endpoint.reach == Known(Reach.ANONYMOUS, "asset:ListPolicies")
    assert "allUsers" in endpoint.reach_reason
    own = found.policies.need()[0].statements.need()
    assert [(grant.sid, grant.reach, grant.principals, grant.invokes) for grant in own] == [
        ("roles/cloudfunctions.invoker", Reach.ANONYMOUS, ("allUsers",), True)
    ]


def test_ingress_narrows_what_a_policy_opens() -> None:
    (endpoint,) = function("resize", listed(ingressSettings="ALLOW_INTERNAL_ONLY")).endpoints.need()
    assert endpoint.reach == Known(Reach.SCOPED, FUNCTIONS)


def test_a_switched_off_invoker_check_is_public_without_any_binding() -> None:
    (endpoint,) = function("orders").endpoints.need()
    assert (endpoint.url, endpoint.auth) == (ORDERS_URL, AuthMode.NONE)
    assert endpoint.reach == Known(Reach.ANONYMOUS, SERVICES)
    assert "invokerIamDisabled" in endpoint.reach_reason


def test_a_proxy_that_asks_for_identity_closes_it_again() -> None:
    (endpoint,) = function("orders", served(iapEnabled=True)).endpoints.need()
    assert (endpoint.auth, endpoint.reach.need()) == (AuthMode.IDENTITY_PROVIDER, Reach.SCOPED)
    assert function("checkout").authentication.need().enabled == Known(True, SERVICES)


def test_inherited_invokers_name_the_level_they_come_from() -> None:
    groups = function("checkout").policies.need()
    sids = {
        grant.sid: (grant.reach, policy.statements.source) for policy in groups for grant in policy.statements.need()
    }
    assert sids["folder:22/roles/run.invoker"] == (Reach.ORGANISATION, "resourcemanager:GetFolderPolicy")
    assert sids["roles/run.invoker"] == (Reach.CROSS_ACCOUNT, "asset:ListPolicies")
    assert sids[f"project:{PROJECT}/roles/owner"][0] is Reach.SCOPED


def test_the_service_account_and_every_role_bound_to_it() -> None:
    identity = function("orders").identity.need()
    assert identity is not None
    assert (identity.id, identity.account, identity.default) == (ACCOUNT, PROJECT, False)
    assert (identity.exists.need(), identity.enabled.need()) == (True, True)
    held = {binding.role_id: binding for group in identity.role_assignments for binding in group.need()}
    publisher, builder = held["roles/pubsub.publisher"], held["roles/cloudbuild.builds.editor"]
    assert (publisher.power, publisher.level, publisher.foreign) == (RolePower.PLAIN, AssignmentLevel.ACCOUNT, False)
    assert (builder.power, builder.level, builder.scope) == (
        RolePower.TAKEOVER,
        AssignmentLevel.ORGANISATION,
        "organizations/33",
    )
    assert builder.condition == "true"


def test_default_accounts_basic_and_custom_roles() -> None:
    compute, appspot = function("checkout").identity.need(), function("resize").identity.need()
    assert compute is not None
    assert appspot is not None
    assert (compute.id, compute.default, compute.enabled.need()) == (COMPUTE, True, False)
    assert [binding.power for group in compute.role_assignments for binding in group.need()] == [RolePower.BASIC]
    powers = {binding.role_id: binding.power for group in appspot.role_assignments for binding in group.need()}
    assert powers == {
        f"projects/{PROJECT}/roles/deployer": RolePower.TAKEOVER,
        "roles/secretmanager.secretAccessor": RolePower.PLAIN,  # on one secret
    }


def test_an_unset_account_is_the_documented_default() -> None:
    assert function("resize", listed(serviceAccountEmail="")).identity.need().id == APPSPOT
    body = orders()
    del body["serviceConfig"]["serviceAccountEmail"]
    assert function("orders", ok(FUNCTIONS, {"functions": [body]}, page=1)).identity.need().id == COMPUTE


def test_an_event_trigger_with_its_source_and_its_delivery() -> None:
    (trigger,) = (found for group in function("orders").triggers for found in group.need())
    assert (trigger.kind, trigger.source, trigger.account) == (TriggerKind.TOPIC, TOPIC, PROJECT)
    assert (trigger.retry.need(), trigger.dead_letter.need()) == (True, True)
    assert trigger.open_to == Known(("allAuthenticatedUsers",), "asset:ListPolicies")
    assert trigger.writes_back.need() is True
    assert trigger.can_invoke.need() is True


def test_an_eventarc_trigger_of_a_service() -> None:
    groups = function("checkout").triggers
    (trigger,) = (found for group in groups for found in group.need() if found.kind is TriggerKind.STORAGE)
    assert (trigger.source, trigger.account) == ("projects/_/buckets/shop-pictures", PROJECT)
    assert (trigger.filters, trigger.broad) == (("bucket=shop-pictures", "name=/in/**"), ("name=/in/**",))
    assert trigger.open_to == Known(("domain:fernhollow.example",), "storage:GetBucketPolicy")
    assert trigger.writes_back.need() is False
    assert trigger.can_invoke.need() is True
    assert gap(trigger.retry)[0] is GapReason.NOT_OFFERED


def test_a_deliverer_without_the_role_cannot_invoke() -> None:
    (trigger,) = (
        found for group in function("orders", served(invokerIamDisabled=False)).triggers for found in group.need()
    )
    assert trigger.can_invoke == Known(False, "asset:ListPolicies")


def test_variables_of_function_build_and_service() -> None:
    first, second = function("resize"), function("orders")
    assert [(v.name, v.verdict.value, v.value) for v in first.environment.need().variables] == [
        ("API_KEY", "secret", None),
        ("LOG_LEVEL", "clear", "INFO"),
    ]
    built = first.deployment.need().build.environment.need().variables
    assert [(v.name, v.verdict.value) for v in built] == [("PIP_TOKEN", "secret")]
    assert [(v.name, v.verdict.value) for v in second.environment.need().variables] == [
        ("QUEUE", "clear"),
        ("DEBUG_TOKEN", "secret"),
    ]


def test_secrets_by_reference() -> None:
    references = function("resize").storage.need().references.need()
    assert [(r.setting, r.store, r.version, r.rotates.need()) for r in references] == [
        ("DB", SECRET, None, True),
        ("/etc/keys/db", SECRET, "3", True),
    ]
    (stored,) = function("checkout").environment.need().stored
    assert (stored.variable, stored.id, stored.exists.need(), stored.customer_key.need()) == ("DB", SECRET, True, True)
    assert stored.public_policy == Known(False, "asset:ListPolicies")


def test_a_reference_to_a_secret_that_is_gone() -> None:
    other = {"secrets": [{"name": f"projects/{PROJECT}/secrets/other", "replication": {"automatic": {}}}]}
    found = function("resize", ok("secretmanager:ListSecrets", other), without=("asset:ListResources",))
    reference = found.storage.need().references.need()[0]
    assert (reference.resolved, reference.problem) == (
        Known(False, "secretmanager:ListSecrets"),
        "the secret does not exist",
    )


def test_s2_an_empty_list_does_not_prove_that_what_is_named_is_gone() -> None:
    found = function("resize", ok("secretmanager:ListSecrets", {}), without=("asset:ListResources",))
    reference = found.storage.need().references.need()[0]
    assert gap(reference.resolved) == (GapReason.MALFORMED, "secretmanager:ListSecrets")
    found = function("resize", ok("secretmanager:ListSecrets", {"secrets": []}), without=("asset:ListResources",))
    assert found.storage.need().references.need()[0].problem == "the secret does not exist"


def test_the_way_out() -> None:
    first, service = function("resize").ingress.need().egress, function("checkout").ingress.need().egress
    assert (first.network.need(), first.default_network.need(), first.all_traffic.need()) == ("default", True, True)
    assert first.connector_state == Known("error", "vpcaccess:ListConnectors")
    assert (service.network.need(), service.default_network.need(), service.all_traffic.need()) == (
        "default",
        True,
        False,
    )
    assert service.connector_state.need() is None
    assert function("orders").ingress.need().egress.network == Known(None, FUNCTIONS)
    straight = [{"network": f"projects/{PROJECT}/global/networks/inner"}]
    direct = function("resize", listed(vpcConnector="", directVpcNetworkInterface=straight)).ingress.need().egress
    assert (direct.network.need(), direct.default_network.need(), direct.all_traffic.need()) == (
        f"projects/{PROJECT}/global/networks/inner",
        False,
        False,
    )


def test_ingress_and_what_is_in_front() -> None:
    first, second, service = (function(name).ingress.need() for name in ("resize", "orders", "checkout"))
    assert (first.scope.need(), second.scope.need()) == (IngressScope.ALL, IngressScope.ALL)
    assert second.recorded == Known(IngressScope.INTERNAL, SERVICES)
    assert service.scope.need() is IngressScope.INTERNAL_AND_BALANCER
    assert (second.default_address.need(), service.default_address.need()) == (True, False)
    (front,) = service.front_ends.need()
    assert (front.kind, front.firewall.need(), front.exclusive.need()) == ("load-balancer", False, True)


def test_only_the_first_generation_may_answer_plain_http() -> None:
    assert function("resize").transport.need().https_only == Known(False, FUNCTIONS)
    assert gap(function("orders").transport.need().https_only)[0] is GapReason.NOT_OFFERED


def test_hosting_of_each() -> None:
    first, second, service = (function(name).hosting.need() for name in ("resize", "orders", "checkout"))
    assert first.upgrade == Known("SETUP_FUNCTION_UPGRADE_CONFIG_SUCCESSFUL", FUNCTIONS)
    assert (second.state.need(), second.state_reason) == (ServiceState.FAILED, "no such image")
    assert (second.first_sandbox.need(), second.cpu_always.need()) == (True, False)
    assert (second.health_probe.need(), service.health_probe.need()) == ("startup tcpSocket", "/healthz")
    assert (service.first_sandbox.need(), service.cpu_always.need(), service.interactive_shell.need()) == (
        False,
        True,
        True,
    )
    assert service.audiences.need() == ("https://checkout.fernhollow.example",)
    assert gap(first.first_sandbox)[0] is GapReason.NOT_OFFERED


def test_deployment_of_each() -> None:
    first, second, service = (function(name).deployment.need() for name in ("resize", "orders", "checkout"))
    assert first.source.need() == Source(kind=SourceKind.REPOSITORY, location="pictures", branch="main")
    assert first.build.identity.need() == f"builder@{PROJECT}.iam.gserviceaccount.com"
    assert first.build.pool.need() == f"{WHERE}/workerPools/private"
    assert (first.build.automatic_updates.need(), second.build.automatic_updates.need()) == (True, False)
    assert second.build.own_repository == Known(None, FUNCTIONS)
    assert (second.build.pinned.need(), service.build.pinned.need()) == (False, True)
    assert service.build.deployed_at.need() == "2026-11-20T08:00:00Z"
    assert (service.binary_authorization.need(), service.break_glass.need()) == (True, "outage of 3 November")
    assert second.binary_authorization.need() is False


def test_who_may_touch_source_and_image() -> None:
    builds = {name: function(name).deployment.need().build for name in ("resize", "orders", "checkout")}
    held = {
        name: [
            (grant.principals, grant.modifies, grant.reach)
            for bucket in build.source_buckets.need()
            for group in bucket.access
            if isinstance(group, Known)
            for grant in group.value
        ]
        for name, build in builds.items()
    }
    assert held == {
        "resize": [((f"projectOwner:{PROJECT}",), True, Reach.SCOPED)],
        "orders": [(("user:eve@gmail.com",), True, Reach.CROSS_ACCOUNT)],
        "checkout": [(("allUsers",), False, Reach.ANONYMOUS)],
    }
    (image,) = builds["orders"].image_access.need()
    assert (image.modifies, image.accounts) == (True, (FOREIGN,))
    assert builds["checkout"].image_access == Known((), "artifactregistry:GetRepositoryPolicy")


def test_revisions_and_drift() -> None:
    deployed = function("orders").deployment.need()
    assert deployed.revisions.receiving == Known(("orders-00001-old",), SERVICES)
    assert deployed.revisions.secrets == Known(("orders-00000-gone/OLD_KEY",), "run:ListRevisions")
    assert deployed.drift.need() == ("ingress: internal → all", "variable DEBUG_TOKEN: only in the service")
    assert gap(function("checkout").deployment.need().drift)[0] is GapReason.NOT_OFFERED


def test_the_customers_key() -> None:
    key = function("resize").storage.need().customer_key.need()
    assert key == EncryptionKey(
        id=KEY,
        account=PROJECT,
        state=Known(KeyState.DISABLED, "cloudkms:GetCryptoKey"),
        rotation=Known(True, "cloudkms:GetCryptoKey"),
    )
    assert function("orders").storage.need().customer_key == Known(None, FUNCTIONS)


def test_only_functions_of_the_second_generation_tell_when_they_were_created() -> None:
    assert function("orders").deployment.need().build.created_at.need() == "2025-03-01T08:00:00Z"
    assert gap(function("resize").deployment.need().build.created_at)[0] is GapReason.NOT_OFFERED


def test_usage() -> None:
    usage = function("resize").monitoring.need().usage.need()
    assert (usage.executions_30_days.need(), usage.executions_90_days.need()) == (105, 205)
    assert (usage.days, usage.executions.need(), usage.idle_days.need()) == (90, 205, 1)
    assert (usage.recent_per_day.need(), usage.executions_before.need()) == (13.0, 2.0)
    assert usage.failed.need() == 0.2
    assert function("checkout").monitoring.need().usage.need().peak_memory.need() == 0.25
    idle = function("orders").monitoring.need().usage.need()
    assert (idle.executions_90_days.need(), idle.idle_days.need(), idle.failed.need()) == (0, None, None)


def test_usage_over_fewer_days() -> None:
    metered = [each for each in envelopes() if each.operation == "monitoring:ListTimeSeries"]
    shorter = [replace(each, subject=f"{each.subject}#7") for each in metered]
    usage = function("resize", *shorter, without=("monitoring:ListTimeSeries",)).monitoring.need().usage.need()
    assert (usage.days, usage.executions.need(), usage.recent_per_day.need()) == (7, 91, 13.0)
    for fact in (usage.executions_30_days, usage.executions_90_days, usage.executions_before):
        assert gap(fact) == (GapReason.NOT_IN_TIER, "monitoring:ListTimeSeries")


def test_callers_by_url() -> None:
    assert function("orders").callers.need() == (
        Caller(
            id=f"projects/{PROJECT}/subscriptions/eventarc-orders",
            kind="subscription",
            target=ORDERS_URL.removeprefix("https://"),
            function=f"//cloudfunctions.googleapis.com/{WHERE}/functions/orders",
            identified=True,
            key_in_url=False,
        ),
    )
    (job,) = function("resize").callers.need()
    assert (job.kind, job.identified, job.key_in_url) == ("scheduled job", False, True)


def test_labels_are_tags() -> None:
    assert function("resize").tags == Known(Tags({"team": "pictures"}), FUNCTIONS)
    assert function("orders").tags == Known(Tags(), FUNCTIONS)


def test_the_address_of_a_service_is_its_own() -> None:
    (endpoint,) = function("checkout").endpoints.need()
    assert (endpoint.url, endpoint.source) == (CHECKOUT_URL, SERVICES)


def test_numbers_stand_for_the_projects_they_belong_to() -> None:
    body = orders()
    body["serviceConfig"]["service"] = f"projects/{NUMBER}/locations/{REGION}/services/orders"
    found = function("orders", ok(FUNCTIONS, {"functions": [body]}, page=1))
    assert found.hosting.need().first_sandbox == Known(True, SERVICES)


ACCOUNT_POLICY = "iam:GetServiceAccountPolicy"


def impersonators(*bindings: dict[str, Any], project: tuple[dict[str, Any], ...] = ()) -> Any:
    """Who may act as the account of ``orders``, by its own policy and by that of its project."""
    changes = [ok(ACCOUNT_POLICY, policy(*bindings), f"projects/-/serviceAccounts/{ACCOUNT}")]
    if project:
        changes.append(ok("resourcemanager:GetProjectPolicy", policy(*project)))
    return function("orders", *changes).identity.need().trust


def test_who_may_act_as_the_service_account_by_its_own_policy() -> None:
    partner = f"serviceAccount:ci@{FOREIGN}.iam.gserviceaccount.com"
    own, *_ = impersonators(
        binding("roles/iam.serviceAccountTokenCreator", partner),
        binding("roles/iam.serviceAccountUser", "user:ada@fernhollow.example"),
        binding("roles/iam.serviceAccountViewer", "allUsers"),
    )
    assert own.source == ACCOUNT_POLICY
    assert [(grant.sid, grant.reach, grant.principals) for grant in own.need()] == [
        ("roles/iam.serviceAccountTokenCreator", Reach.CROSS_ACCOUNT, (partner,)),
    ]


def test_who_may_act_as_the_service_account_by_the_policy_of_its_project() -> None:
    trust = impersonators(project=(binding("roles/iam.serviceAccountUser", "allAuthenticatedUsers"),))
    (grant,) = (each for group in trust for each in group.need() if each.reach.public)
    assert (grant.sid, grant.actions) == (
        f"project:{PROJECT}/roles/iam.serviceAccountUser",
        ("iam.serviceAccounts.actAs",),
    )


def test_who_may_act_as_the_service_account_is_unknown_where_its_policy_is() -> None:
    subject = f"projects/-/serviceAccounts/{ACCOUNT}"
    own, *_ = function("orders", denied(ACCOUNT_POLICY, subject)).identity.need().trust
    assert gap(own) == (GapReason.DENIED, ACCOUNT_POLICY)
    _, *above = function("orders", denied("resourcemanager:GetProjectPolicy")).identity.need().trust
    assert gap(next(group for group in above if isinstance(group, Unknown))) == (
        GapReason.DENIED,
        "resourcemanager:GetProjectPolicy",
    )


def test_everyone_who_may_publish_by_the_policy_of_the_project_writes_the_events() -> None:
    members = binding("roles/storage.objectAdmin", "allAuthenticatedUsers", "domain:fernhollow.example")
    shared = ok("resourcemanager:GetProjectPolicy", policy(members))
    own = ok("storage:GetBucketPolicy", policy(), "projects/_/buckets/shop-pictures")
    (trigger,) = (
        found
        for group in function("checkout", shared, own).triggers
        for found in group.need()
        if found.kind is TriggerKind.STORAGE
    )
    assert trigger.open_to == Known(("allAuthenticatedUsers",), "resourcemanager:GetProjectPolicy")
    unread = denied("resourcemanager:GetProjectPolicy")
    (trigger,) = (
        found
        for group in function("checkout", unread, own).triggers
        for found in group.need()
        if found.kind is TriggerKind.STORAGE
    )
    assert gap(trigger.open_to) == (GapReason.DENIED, "resourcemanager:GetProjectPolicy")
