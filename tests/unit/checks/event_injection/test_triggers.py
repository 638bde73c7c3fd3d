"""Sources of events on Azure and Google Cloud, and who calls by URL."""

from typing import Any

from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.identity import AssignmentLevel, RolePower
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.trigger import Trigger, TriggerAuthentication, TriggerKind
from checks.event_injection.caller_unidentified import caller_unidentified
from checks.event_injection.http_into_privileged_identity import http_into_privileged_identity
from checks.event_injection.trigger_filter_broad import trigger_filter_broad
from checks.event_injection.trigger_inventory import trigger_inventory
from checks.event_injection.trigger_other_account import trigger_other_account
from checks.event_injection.trigger_shared_key import trigger_shared_key
from checks.event_injection.trigger_source_open import trigger_source_open
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import (
    ACCOUNTS,
    AROUND,
    ASSIGNMENTS,
    FUNCTIONS,
    SETTINGS,
    SITES,
    http,
    make_azure,
    make_public,
)
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, POLICIES, SERVICE, make_gcp, make_gen1, make_run
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
KEY_HOLDERS = "any client with an account key, from any network"
WEB = azure.trigger(
    TriggerKind.HTTP,
    source=None,
    open_to=not_offered(FUNCTIONS, "nothing is written to"),
    authentication=not_offered(FUNCTIONS, "the host signs in nowhere"),
)


def app(*triggers: Trigger) -> Function:
    return make_azure(triggers=(Known(triggers, FUNCTIONS),))


def started(*triggers: Trigger) -> Function:
    return make_gcp(triggers=(Known(triggers, LISTED),))


def test_trigger_source_open() -> None:
    queue = azure.trigger(open_to=Known((KEY_HOLDERS,), ACCOUNTS))
    hidden = azure.trigger(source="hidden", open_to=unknown(ACCOUNTS))
    topic = gcp.trigger(open_to=Known(("allUsers",), POLICIES))
    subjects = {
        "queue": app(queue),
        "queue-and-unread": app(hidden, queue),
        "own": make_azure(),
        "http-only": app(WEB),
        "http-and-unread": app(WEB, hidden),
        "disabled": app(azure.trigger(enabled=False, open_to=Known((KEY_HOLDERS,), ACCOUNTS))),
        "unread": app(hidden),
        "denied": make_azure(triggers=(unknown(FUNCTIONS),)),
        "deliveries-denied": make_azure(
            triggers=(Known((WEB,), FUNCTIONS), unknown("eventgrid:ListRegionalSubscriptions"))
        ),
        "topic": started(topic),
        "own-topic": make_gcp(),
        "topic-denied": started(gcp.trigger(open_to=unknown("pubsub:GetTopicPolicy"))),
    }
    assert verdicts(trigger_source_open, subjects) == {
        "queue": FAIL,
        "queue-and-unread": FAIL,
        "own": PASS,
        "http-only": PASS,
        "http-and-unread": UNKNOWN,
        "disabled": PASS,
        "unread": UNKNOWN,
        "denied": UNKNOWN,
        "deliveries-denied": UNKNOWN,
        "topic": FAIL,
        "own-topic": PASS,
        "topic-denied": UNKNOWN,
    }
    assert only(trigger_source_open, subjects["queue"]).severity is Severity.MEDIUM
    assert only(trigger_source_open, subjects["queue"]).locus == "take_order/orders-in"
    assert only(trigger_source_open, subjects["topic"]).severity is None
    assert repairs(trigger_source_open, subjects["queue"])
    assert any("--member=allUsers" in form for form in repairs(trigger_source_open, subjects["topic"]))


def test_trigger_filter_broad() -> None:
    whole: dict[str, Any] = {"kind": TriggerKind.STORAGE, "source": "in/{name}", "broad": ("in/{name}",)}
    pattern = gcp.trigger(broad=("resourceName=projects/*/datasets/*",))
    subjects = {
        "whole-container-of-others": app(azure.trigger(**whole, open_to=Known((KEY_HOLDERS,), ACCOUNTS))),
        "whole-container-of-its-own": app(azure.trigger(**whole)),
        "whole-container-unread": app(azure.trigger(**whole, open_to=unknown(ACCOUNTS))),
        "folder": make_azure(),
        "denied": make_azure(triggers=(unknown(FUNCTIONS),)),
        "pattern": started(pattern),
        "pattern-of-others": started(gcp.trigger(broad=("bucket=*",), open_to=Known(("allUsers",), POLICIES))),
        "exact": make_gcp(),
        "service-denied": make_run(triggers=(unknown("eventarc:ListTriggers"),)),
    }
    assert verdicts(trigger_filter_broad, subjects) == {
        "whole-container-of-others": FAIL,
        "whole-container-of-its-own": PASS,
        "whole-container-unread": UNKNOWN,
        "folder": PASS,
        "denied": UNKNOWN,
        "pattern": FAIL,
        "pattern-of-others": FAIL,
        "exact": PASS,
        "service-denied": UNKNOWN,
    }
    assert only(trigger_filter_broad, subjects["pattern"]).severity is None
    assert only(trigger_filter_broad, subjects["pattern-of-others"]).severity is Severity.HIGH
    assert repairs(trigger_filter_broad, subjects["whole-container-of-others"])
    assert repairs(trigger_filter_broad, subjects["pattern"])


def test_trigger_shared_key_is_unknown_without_the_settings() -> None:
    subjects = {
        "key": app(WEB, azure.trigger(authentication=Known(TriggerAuthentication.KEY, SETTINGS))),
        "vault": app(azure.trigger(authentication=Known(TriggerAuthentication.REFERENCE, SETTINGS))),
        "identity": make_azure(),
        "http-only": app(WEB),
        "settings-denied": app(WEB, azure.trigger(authentication=unknown(SETTINGS))),
        "denied": make_azure(triggers=(unknown(FUNCTIONS),)),
    }
    assert verdicts(trigger_shared_key, subjects, AROUND) == {
        "key": FAIL,
        "vault": PASS,
        "identity": PASS,
        "http-only": PASS,
        "settings-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert only(trigger_shared_key, subjects["key"]).message == (
        "Trigger take_order of orders authenticates to orders-in with a shared key"
    )
    assert repairs(trigger_shared_key, subjects["key"])


def test_trigger_other_account() -> None:
    foreign = gcp.trigger(source="projects/partner-prod/topics/feed", account="partner-prod")
    subjects = {
        "foreign": started(foreign),
        "own": make_gcp(),
        "not-told": started(gcp.trigger(account=None)),
        "denied": make_run(triggers=(unknown("eventarc:ListTriggers"),)),
    }
    assert verdicts(trigger_other_account, subjects, gcp.AROUND) == {
        "foreign": FAIL,
        "own": PASS,
        "not-told": PASS,
        "denied": UNKNOWN,
    }
    trusting = gcp.around(trusted_accounts=("partner-prod",))
    assert verdicts(trigger_other_account, {"foreign": subjects["foreign"]}, trusting) == {"foreign": PASS}
    assert repairs(trigger_other_account, subjects["foreign"], context=gcp.AROUND)


def test_trigger_inventory_lists_every_source() -> None:
    subjects = {
        "several": app(WEB, azure.trigger(), azure.trigger()),
        "none": app(),
        "service": make_run(),
        "function": make_gcp(),
        "denied": make_azure(triggers=(unknown(FUNCTIONS),)),
    }
    assert verdicts(trigger_inventory, subjects) == {
        "several": FAIL,
        "none": PASS,
        "service": PASS,
        "function": FAIL,
        "denied": UNKNOWN,
    }
    assert [hit.locus for hit in found(trigger_inventory, subjects["several"])] == [
        "take_order",
        "take_order/orders-in",
        "take_order/orders-in (2)",
    ]
    assert repairs(trigger_inventory, subjects["several"])
    assert repairs(trigger_inventory, subjects["function"])


def test_caller_unidentified() -> None:
    keyed = azure.caller(key_in_url=True)
    subjects = {
        "webhook-with-code": make_azure(callers=Known((keyed,), "eventgrid:ListSubscriptions")),
        "native": make_azure(callers=Known((azure.caller(identified=False),), "eventgrid:ListSubscriptions")),
        "nobody": make_azure(),
        "denied": make_azure(callers=unknown("eventgrid:ListSubscriptions")),
        "job-without-token": make_gcp(callers=Known((gcp.caller(identified=False),), "cloudscheduler:ListJobs")),
        "job-with-token": make_gcp(callers=Known((gcp.caller(),), "cloudscheduler:ListJobs")),
        "subscriptions-denied": make_gcp(callers=unknown("pubsub:ListSubscriptions")),
    }
    assert verdicts(caller_unidentified, subjects) == {
        "webhook-with-code": FAIL,
        "native": PASS,
        "nobody": PASS,
        "denied": UNKNOWN,
        "job-without-token": FAIL,
        "job-with-token": PASS,
        "subscriptions-denied": UNKNOWN,
    }
    assert "with a key in the URL" in only(caller_unidentified, subjects["webhook-with-code"]).message
    assert "without an identity token" in only(caller_unidentified, subjects["job-without-token"]).message
    assert repairs(caller_unidentified, subjects["webhook-with-code"])
    assert repairs(caller_unidentified, subjects["job-without-token"])


def test_http_into_privileged_identity_joins_doors_and_roles() -> None:
    owner = azure.binding("Owner", RolePower.OWNER, AssignmentLevel.GROUP)
    writes = azure.binding("Key Vault Secrets Officer", scope=azure.arm("microsoft.keyvault/vaults", "kv-orders"))
    reads = azure.binding("Key Vault Secrets User", scope=azure.arm("microsoft.keyvault/vaults", "kv-orders"))
    anyone = http("webhook", HandlerAuth.ANONYMOUS)

    def acting(*bindings: Any, **changes: Any) -> dict[str, Any]:
        return {"identity": Known(azure.identity(*bindings, **changes), SITES)}

    unread = {"role_assignments": (unknown(ASSIGNMENTS),)}
    subjects = {
        "anonymous-owner": make_public(anyone, **acting(owner)),
        "key-writes-secrets": make_public(http(), **acting(writes)),
        "reads-secrets": make_public(anyone, **acting(reads)),
        "own-host-storage-only": make_public(anyone, **acting()),
        "host-storage-unread": make_public(anyone, storage=unknown(SETTINGS), **acting()),
        "owner-and-host-storage-unread": make_public(anyone, storage=unknown(SETTINGS), **acting(owner)),
        "attached-owner": make_public(anyone, attached=Known((azure.attached(owner),), SITES)),
        "closed": make_azure(**acting(owner)),
        "roles-denied": make_public(anyone, **acting(**unread)),
        "roles-denied-but-closed": make_azure(**acting(**unread)),
        "doors-denied-but-harmless": make_public(handlers=unknown(FUNCTIONS)),
        "doors-denied": make_public(handlers=unknown(FUNCTIONS), **acting(owner)),
    }
    assert verdicts(http_into_privileged_identity, subjects, AROUND) == {
        "anonymous-owner": FAIL,
        "key-writes-secrets": FAIL,
        "reads-secrets": PASS,
        "own-host-storage-only": PASS,
        "host-storage-unread": UNKNOWN,
        "owner-and-host-storage-unread": FAIL,
        "attached-owner": FAIL,
        "closed": PASS,
        "roles-denied": UNKNOWN,
        "roles-denied-but-closed": PASS,
        "doors-denied-but-harmless": PASS,
        "doors-denied": UNKNOWN,
    }
    hit = only(http_into_privileged_identity, subjects["anonymous-owner"])
    assert "requires no authentication, and orders holds Owner on /subscriptions/" in hit.message
    assert repairs(http_into_privileged_identity, subjects["anonymous-owner"])


def test_http_into_privileged_identity_on_google_cloud() -> None:
    told = gcp.endpoint(AuthMode.IAM, reach=Known(Reach.ANONYMOUS, POLICIES), reach_reason="allUsers may invoke it")
    opened: dict[str, Any] = {"endpoints": Known((told,), SERVICE), "ingress": Known(gcp.public(), SERVICE)}

    def acting(power: RolePower, role: str) -> dict[str, Any]:
        return {"identity": Known(gcp.identity(gcp.binding(role, power)), LISTED)}

    subjects = {
        "editor": make_gcp(**opened, **acting(RolePower.BASIC, "editor")),
        "viewer": make_gcp(**opened, **acting(RolePower.BASIC, "viewer")),
        "token-creator": make_gcp(**opened, **acting(RolePower.TAKEOVER, "iam.serviceAccountTokenCreator")),
        "plain": make_gcp(**opened),
        "editor-internal": make_gcp(**acting(RolePower.BASIC, "editor")),
        "editor-events-only": make_gen1(**acting(RolePower.BASIC, "editor")),
        "identity-denied": make_gcp(**opened, identity=unknown(LISTED)),
    }
    assert verdicts(http_into_privileged_identity, subjects, gcp.AROUND) == {
        "editor": FAIL,
        "viewer": PASS,
        "token-creator": FAIL,
        "plain": PASS,
        "editor-internal": PASS,
        "editor-events-only": PASS,
        "identity-denied": UNKNOWN,
    }
    assert any("--role=roles/editor" in form for form in repairs(http_into_privileged_identity, subjects["editor"]))
