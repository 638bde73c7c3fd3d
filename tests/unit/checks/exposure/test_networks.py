"""Networks in front of and behind Azure apps and Google Cloud functions, and the host's storage account."""

from typing import Any

import pytest

from auditor.check import Check
from auditor.model.deployment import Publishing
from auditor.model.exposure import Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.hosting import ContainerHost, HostingKind
from auditor.model.ingress import Ingress, IngressScope
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from checks.exposure.access_rule_admits_everyone import access_rule_admits_everyone
from checks.exposure.container_environment_public import container_environment_public
from checks.exposure.container_host_open import container_host_open
from checks.exposure.egress_default_network import egress_default_network
from checks.exposure.egress_private_only import egress_private_only
from checks.exposure.front_end_bypass import front_end_bypass
from checks.exposure.front_end_no_firewall import front_end_no_firewall
from checks.exposure.hostname_reusable import hostname_reusable
from checks.exposure.ingress_drift import ingress_drift
from checks.exposure.ingress_open import ingress_open
from checks.exposure.legacy_proxies import legacy_proxies
from checks.exposure.management_site_open import management_site_open
from checks.exposure.no_firewall_in_front import no_firewall_in_front
from checks.exposure.outbound_network_only import outbound_network_only
from checks.exposure.platform_traffic_outside_network import platform_traffic_outside_network
from checks.exposure.private_endpoint_absent import private_endpoint_absent
from checks.exposure.storage_anonymous_container import storage_anonymous_container
from checks.exposure.storage_cross_tenant_copies import storage_cross_tenant_copies
from checks.exposure.storage_network_open import storage_network_open
from checks.exposure.storage_private_endpoint_absent import storage_private_endpoint_absent
from checks.exposure.subnet_no_firewall import subnet_no_firewall
from checks.exposure.web_sockets_on import web_sockets_on
from checks.insecure_configuration.vpc_none import vpc_none
from tests.unit.checks import gcp
from tests.unit.checks.azure import (
    ACCOUNTS,
    ANYONE,
    AROUND,
    CONFIG,
    EVERYONE,
    FUNCTIONS,
    SITES,
    authentication,
    container_host,
    deployment,
    egress,
    front_end,
    handler,
    host_storage,
    hosting,
    http,
    ingress,
    make_azure,
    make_public,
    public,
    rule,
    rules,
    storage,
)
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, SERVICE, make_gcp, make_gen1, make_run
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
LOGIN = "web:GetAuthSettings"


def inside(made: Ingress, **changes: Any) -> Function:
    return make_azure(ingress=Known(made, SITES), **changes)


def behind(made: Ingress, **changes: Any) -> Function:
    return make_gcp(ingress=Known(made, SERVICE), **changes)


def test_ingress_open_is_weighed_by_who_answers() -> None:
    subjects = {
        "http": make_public(http()),
        "http-behind-login": make_public(http(), authentication=Known(authentication(), LOGIN)),
        "http-login-denied": make_public(http(), authentication=unknown(LOGIN)),
        "handlers-denied": make_public(handlers=unknown(FUNCTIONS)),
        "queue-only": make_public(handler("take_order", "queuetrigger")),
        "closed": make_azure(),
        "office-only": inside(public(scope=Known(IngressScope.INTERNAL, CONFIG))),
        "denied": make_azure(ingress=unknown(SITES)),
        "gcp-all": behind(gcp.public()),
        "gcp-internal": make_gcp(),
        "gcp-balancer": behind(gcp.ingress(scope=Known(IngressScope.INTERNAL_AND_BALANCER, SERVICE))),
        "gcp-events-only": make_gen1(ingress=Known(gcp.public(), LISTED)),
        "gcp-denied": make_run(ingress=unknown(SERVICE)),
    }
    assert verdicts(ingress_open, subjects) == {
        "http": FAIL,
        "http-behind-login": FAIL,
        "http-login-denied": FAIL,
        "handlers-denied": FAIL,
        "queue-only": FAIL,
        "closed": PASS,
        "office-only": PASS,
        "denied": UNKNOWN,
        "gcp-all": FAIL,
        "gcp-internal": PASS,
        "gcp-balancer": PASS,
        "gcp-events-only": OUTSIDE,
        "gcp-denied": UNKNOWN,
    }
    everyone = gcp.endpoint(reach=Known(Reach.ANONYMOUS, gcp.POLICIES))
    unread = gcp.endpoint(reach=unknown(gcp.POLICIES))
    subjects["gcp-all-public"] = behind(gcp.public(), endpoints=Known((everyone,), SERVICE))
    subjects["gcp-all-callers-denied"] = behind(gcp.public(), endpoints=Known((unread,), SERVICE))
    failing = ("http", "http-behind-login", "http-login-denied", "handlers-denied", "queue-only", "gcp-all")
    failing = (*failing, "gcp-all-public", "gcp-all-callers-denied")  # type: ignore[assignment]
    assert {name: only(ingress_open, subjects[name]).severity for name in failing} == {
        "http": None,
        "http-behind-login": Severity.LOW,
        "http-login-denied": None,
        "handlers-denied": None,
        "queue-only": Severity.LOW,
        "gcp-all": Severity.LOW,
        "gcp-all-public": None,
        "gcp-all-callers-denied": None,
    }
    assert repairs(ingress_open, subjects["http"])
    assert any("--ingress-settings=internal-and-gclb" in form for form in repairs(ingress_open, subjects["gcp-all"]))


def test_access_rule_admits_everyone_reads_the_list_in_order() -> None:
    refused = rule("Any", name="Deny all", allow=False, any_source=True)
    door = rule("AzureFrontDoor.Backend", name="front door", any_source=True, headers=("x-azure-fdid",))

    def listed(*order: Any, default: bool = False) -> Function:
        return inside(public(rules=Known(rules(*order, default_allow=default), CONFIG)))

    subjects = {
        "office-then-any": listed(rule(), ANYONE),
        "any-after-deny": listed(refused, ANYONE),
        "deny-list-with-open-default": listed(rule("198.51.100.7/32", allow=False), default=True),
        "allow-list-with-open-default": listed(rule(), default=True),
        "front-door-id": listed(door),
        "office-only": listed(rule()),
        "no-list": inside(public(rules=Known(EVERYONE, CONFIG))),
        "access-off": inside(ingress(rules=Known(rules(ANYONE), CONFIG))),
        "null": inside(public(rules=unknown(CONFIG))),
        "null-but-access-off": inside(ingress(rules=unknown(CONFIG))),
        "access-denied": inside(
            public(rules=Known(rules(ANYONE), CONFIG), public_network=unknown(SITES), scope=unknown(SITES))
        ),
    }
    assert verdicts(access_rule_admits_everyone, subjects, AROUND) == {
        "office-then-any": FAIL,
        "any-after-deny": PASS,
        "deny-list-with-open-default": PASS,
        "allow-list-with-open-default": FAIL,
        "front-door-id": PASS,
        "office-only": PASS,
        "no-list": PASS,
        "access-off": PASS,
        "null": UNKNOWN,
        "null-but-access-off": PASS,
        "access-denied": UNKNOWN,
    }
    assert only(access_rule_admits_everyone, subjects["office-then-any"]).locus == "Allow all"
    assert only(access_rule_admits_everyone, subjects["allow-list-with-open-default"]).locus == ""
    assert any(
        "--rule-name 'Allow all'" in form for form in repairs(access_rule_admits_everyone, subjects["office-then-any"])
    )


def test_management_site_open_is_low_without_passwords() -> None:
    usable = Publishing(management_password=Known(True, "w"), ftp_password=Known(True, "w"))
    subjects = {
        "open": inside(public(), deployment=Known(deployment(publishing=usable), SITES)),
        "open-passwords-off": inside(public()),
        "closed": inside(public(management_rules=Known(rules(rule()), CONFIG))),
        "access-off": inside(ingress(management_rules=Known(EVERYONE, CONFIG))),
        "container": inside(public(management_rules=not_offered(SITES, "no management site"))),
        "null": inside(public(management_rules=unknown(CONFIG))),
        "denied": make_azure(ingress=unknown(SITES)),
    }
    assert verdicts(management_site_open, subjects, AROUND) == {
        "open": FAIL,
        "open-passwords-off": FAIL,
        "closed": PASS,
        "access-off": PASS,
        "container": OUTSIDE,
        "null": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert only(management_site_open, subjects["open"]).severity is None
    assert only(management_site_open, subjects["open-passwords-off"]).severity is Severity.LOW
    assert any(
        "for-scm-site false --scm-default-action Deny" in form
        for form in repairs(management_site_open, subjects["open"])
    )
    app_closed = inside(public(scope=Known(IngressScope.INTERNAL, SITES)))
    assert any("for-scm-site true" in form for form in repairs(management_site_open, app_closed))


def test_private_endpoint_absent_is_not_asked_on_consumption() -> None:
    none = public(private_endpoints=Known((), SITES))
    subjects = {
        "none": inside(none),
        "approved": make_azure(),
        "consumption": inside(none, hosting=Known(hosting(HostingKind.CONSUMPTION), SITES)),
        "denied": inside(public(private_endpoints=unknown("web:ListPrivateEndpoints"))),
    }
    assert verdicts(private_endpoint_absent, subjects, AROUND) == {
        "none": FAIL,
        "approved": PASS,
        "consumption": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert repairs(private_endpoint_absent, subjects["none"])


def leaving(**changes: Any) -> Function:
    return inside(ingress(egress=egress(**changes)))


def sending(**changes: Any) -> Function:
    return behind(gcp.ingress(egress=gcp.egress(**changes)))


NO_NETWORK = {"network": Known(None, SITES)}


def test_vpc_none_on_three_clouds() -> None:
    subjects = {
        "app": leaving(**NO_NETWORK),
        "app-integrated": make_azure(),
        "app-consumption": make_azure(hosting=Known(hosting(HostingKind.CONSUMPTION), SITES)),
        "app-denied": make_azure(ingress=unknown(SITES)),
        "function": sending(**NO_NETWORK),
        "function-attached": make_gcp(),
        "service-denied": make_run(ingress=unknown(SERVICE)),
    }
    assert verdicts(vpc_none, subjects) == {
        "app": FAIL,
        "app-integrated": PASS,
        "app-consumption": OUTSIDE,
        "app-denied": UNKNOWN,
        "function": FAIL,
        "function-attached": PASS,
        "service-denied": UNKNOWN,
    }
    assert repairs(vpc_none, subjects["app"])
    assert repairs(vpc_none, subjects["function"])


@pytest.mark.parametrize(
    ("check", "field", "bad"),
    [
        (egress_private_only, "all_traffic", False),
        (platform_traffic_outside_network, "platform_traffic", False),
        (subnet_no_firewall, "firewall", False),
    ],
    ids=lambda value: getattr(value, "id", value),
)
def test_the_way_out_of_apps(check: Check, field: str, bad: bool) -> None:
    subjects = {
        "bypassed": leaving(**{field: Known(bad, SITES)}),
        "sound": make_azure(),
        "no-network": leaving(network=Known(None, SITES), **{field: unknown(SITES)}),
        "field-denied": leaving(**{field: unknown(SITES)}),
        "denied": make_azure(ingress=unknown(SITES)),
    }
    assert verdicts(check, subjects, AROUND) == {
        "bypassed": FAIL,
        "sound": PASS,
        "no-network": OUTSIDE,
        "field-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert repairs(check, subjects["bypassed"])


@pytest.mark.parametrize(
    ("check", "field", "bad"),
    [(egress_private_only, "all_traffic", False), (egress_default_network, "default_network", True)],
    ids=lambda value: getattr(value, "id", value),
)
def test_the_way_out_of_google_cloud_functions(check: Check, field: str, bad: bool) -> None:
    subjects = {
        "bad": sending(**{field: Known(bad, SERVICE)}),
        "sound": make_gcp(),
        "no-network": sending(network=Known(None, SERVICE), **{field: unknown(SERVICE)}),
        "field-denied": sending(**{field: unknown(SERVICE)}),
        "denied": make_run(ingress=unknown(SERVICE)),
    }
    assert verdicts(check, subjects, gcp.AROUND) == {
        "bad": FAIL,
        "sound": PASS,
        "no-network": OUTSIDE,
        "field-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert repairs(check, subjects["bad"])


def test_outbound_network_only_is_about_flex_consumption() -> None:
    flex = Known(hosting(HostingKind.FLEX_CONSUMPTION), SITES)
    subjects = {
        "flex-open": inside(public(), hosting=flex),
        "flex-closed": make_azure(hosting=flex),
        "flex-no-network": inside(public(egress=egress(network=Known(None, SITES))), hosting=flex),
        "premium-open": inside(public()),
        "flex-denied": make_azure(hosting=flex, ingress=unknown(SITES)),
    }
    assert verdicts(outbound_network_only, subjects, AROUND) == {
        "flex-open": FAIL,
        "flex-closed": PASS,
        "flex-no-network": PASS,
        "premium-open": OUTSIDE,
        "flex-denied": UNKNOWN,
    }
    assert repairs(outbound_network_only, subjects["flex-open"])


def test_container_hosts() -> None:
    def on(host: ContainerHost | None) -> Function:
        return make_azure(hosting=Known(hosting(container_host=Known(host, SITES)), SITES))

    told = "graph:ContainerApps"
    subjects = {
        "external": on(container_host(external=Known(True, told), restricted=Known(False, told))),
        "external-restricted": on(container_host(external=Known(True, told))),
        "insecure": on(container_host(allow_insecure=Known(True, told))),
        "internal-restrictions-denied": on(container_host(restricted=unknown(told))),
        "external-restrictions-denied": on(container_host(external=Known(True, told), restricted=unknown(told))),
        "app-service": make_azure(),
        "denied": make_azure(hosting=unknown(SITES)),
    }
    assert verdicts(container_host_open, subjects, AROUND) == {
        "external": FAIL,
        "external-restricted": PASS,
        "insecure": FAIL,
        "internal-restrictions-denied": PASS,
        "external-restrictions-denied": UNKNOWN,
        "app-service": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert [hit.locus for hit in found(container_host_open, subjects["insecure"])] == ["insecure"]
    assert repairs(container_host_open, subjects["external"])
    environments = {
        "public": on(container_host(public_environment=Known(True, "graph:ManagedEnvironments"))),
        "internal": on(container_host()),
        "app-service": make_azure(),
        "denied": on(container_host(public_environment=unknown("graph:ManagedEnvironments"))),
    }
    assert verdicts(container_environment_public, environments, AROUND) == {
        "public": FAIL,
        "internal": PASS,
        "app-service": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert repairs(container_environment_public, environments["public"])


def test_z15_front_end_bypass() -> None:
    loose = front_end(exclusive=Known(False, CONFIG))
    hidden = front_end(exclusive=unknown(CONFIG), id="hidden")
    negs = "compute:ListNegs"
    balancer = gcp.front_end(exclusive=Known(False, SERVICE))
    balanced = Known(IngressScope.INTERNAL_AND_BALANCER, SERVICE)
    subjects = {
        "bypassed": inside(public(front_ends=Known((loose,), "graph:FrontEnds"))),
        "bypassed-and-one-unread": inside(public(front_ends=Known((hidden, loose), "graph:FrontEnds"))),
        "exclusive": inside(public(front_ends=Known((front_end(),), "graph:FrontEnds"))),
        "closed": inside(ingress(front_ends=unknown("graph:FrontEnds"))),
        "none-in-front": make_public(),
        "front-ends-denied": inside(public(front_ends=unknown("graph:FrontEnds"))),
        "exclusive-denied": inside(public(front_ends=Known((hidden,), "graph:FrontEnds"))),
        "gcp-bypassed": behind(gcp.public(front_ends=Known((balancer,), "compute:ListNegs"))),
        "gcp-default-address": behind(
            gcp.ingress(scope=balanced, default_address=Known(True, SERVICE), front_ends=Known((balancer,), negs))
        ),
        "z15-gcp-no-balancer": behind(gcp.ingress(scope=balanced, default_address=Known(True, SERVICE))),
        "z15-gcp-balancers-unread": behind(
            gcp.ingress(scope=balanced, default_address=Known(True, SERVICE), front_ends=unknown(negs))
        ),
        "gcp-default-address-off": behind(gcp.ingress(scope=balanced)),
        "gcp-default-address-denied": behind(
            gcp.ingress(scope=balanced, default_address=unknown(SERVICE), front_ends=Known((balancer,), negs))
        ),
        "gcp-internal": make_gcp(),
    }
    assert verdicts(front_end_bypass, subjects) == {
        "bypassed": FAIL,
        "bypassed-and-one-unread": FAIL,
        "exclusive": PASS,
        "closed": PASS,
        "none-in-front": PASS,
        "front-ends-denied": UNKNOWN,
        "exclusive-denied": UNKNOWN,
        "gcp-bypassed": FAIL,
        "gcp-default-address": FAIL,
        "z15-gcp-no-balancer": PASS,
        "z15-gcp-balancers-unread": UNKNOWN,
        "gcp-default-address-off": PASS,
        "gcp-default-address-denied": UNKNOWN,
        "gcp-internal": PASS,
    }
    assert only(front_end_bypass, subjects["bypassed"]).severity is None
    assert only(front_end_bypass, subjects["gcp-default-address"]).severity is Severity.MEDIUM
    assert repairs(front_end_bypass, subjects["bypassed"])
    assert repairs(front_end_bypass, subjects["gcp-bypassed"])


def test_firewalls_in_front() -> None:
    bare = front_end(firewall=Known(False, "graph:FrontEnds"))
    hidden = front_end(firewall=unknown("graph:FrontEnds"))
    gateway = front_end(kind="api-gateway", firewall=Known(False, "graph:FrontEnds"))
    balancer = gcp.front_end(firewall=Known(False, "compute:ListBackendServices"))

    def fronted(*fronts: Any) -> Function:
        return make_public(ingress=Known(public(front_ends=Known(fronts, "graph:FrontEnds")), SITES))

    subjects = {
        "bare": fronted(bare),
        "guarded": fronted(front_end()),
        "api-gateway": fronted(gateway),
        "nothing": make_public(),
        "unread": fronted(hidden),
        "closed": make_azure(),
        "denied": make_public(ingress=Known(public(front_ends=unknown("graph:FrontEnds")), SITES)),
    }
    assert verdicts(front_end_no_firewall, subjects, AROUND) == {
        "bare": FAIL,
        "guarded": PASS,
        "api-gateway": PASS,
        "nothing": PASS,
        "unread": UNKNOWN,
        "closed": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(no_firewall_in_front, subjects, AROUND) == {
        "bare": FAIL,
        "guarded": PASS,
        "api-gateway": FAIL,
        "nothing": FAIL,
        "unread": UNKNOWN,
        "closed": PASS,
        "denied": UNKNOWN,
    }
    queue = make_public(handler("take_order", "queuetrigger"))
    assert verdicts(no_firewall_in_front, {"no-http": queue}, AROUND) == {"no-http": PASS}
    services = {
        "bare": behind(gcp.public(front_ends=Known((balancer,), "compute:ListNegs"))),
        "guarded": behind(gcp.public(front_ends=Known((gcp.front_end(),), "compute:ListNegs"))),
        "denied": behind(gcp.public(front_ends=unknown("compute:ListNegs"))),
    }
    expected = {"bare": FAIL, "guarded": PASS, "denied": UNKNOWN}
    assert verdicts(front_end_no_firewall, services, gcp.AROUND) == expected
    assert repairs(front_end_no_firewall, subjects["bare"])
    assert repairs(front_end_no_firewall, services["bare"])
    assert repairs(no_firewall_in_front, subjects["nothing"])


def test_ingress_drift_is_high_where_the_service_is_open() -> None:
    record = Known(IngressScope.INTERNAL, LISTED)
    subjects = {
        "opened": behind(gcp.public(recorded=record)),
        "closed": behind(gcp.ingress(recorded=Known(IngressScope.ALL, LISTED))),
        "agree": make_gcp(),
        "gen1": make_gen1(),
        "denied": behind(gcp.ingress(recorded=unknown(SERVICE))),
    }
    assert verdicts(ingress_drift, subjects, gcp.AROUND) == {
        "opened": FAIL,
        "closed": FAIL,
        "agree": PASS,
        "gen1": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert only(ingress_drift, subjects["opened"]).severity is Severity.HIGH
    assert only(ingress_drift, subjects["closed"]).severity is None
    assert repairs(ingress_drift, subjects["opened"])


@pytest.mark.parametrize(
    ("check", "field", "bad"),
    [
        (web_sockets_on, "web_sockets", True),
        (hostname_reusable, "unique_hostname", False),
        (legacy_proxies, "proxies", True),
    ],
    ids=lambda value: getattr(value, "id", value),
)
def test_switches_of_the_host(check: Check, field: str, bad: bool) -> None:
    def hosted(**changes: Any) -> Function:
        return make_azure(hosting=Known(hosting(**changes), SITES))

    subjects = {
        "bad": hosted(**{field: Known(bad, SITES)}),
        "sound": make_azure(),
        "not-offered": hosted(**{field: not_offered(SITES, "not on this hosting")}),
        "field-denied": hosted(**{field: unknown(SITES)}),
        "denied": make_azure(hosting=unknown(SITES)),
    }
    assert verdicts(check, subjects, AROUND) == {
        "bad": FAIL,
        "sound": PASS,
        "not-offered": OUTSIDE,
        "field-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert repairs(check, subjects["bad"])


@pytest.mark.parametrize(
    ("check", "field", "bad"),
    [
        (storage_network_open, "open_network", True),
        (storage_cross_tenant_copies, "cross_tenant_copies", True),
        (storage_private_endpoint_absent, "private_endpoint", False),
        (storage_anonymous_container, "anonymous", ("exports",)),
    ],
    ids=lambda value: getattr(value, "id", value),
)
def test_the_hosts_storage_account(check: Check, field: str, bad: Any) -> None:
    def kept(**changes: Any) -> Function:
        return make_azure(storage=Known(storage(host=Known(host_storage(**changes), ACCOUNTS)), ACCOUNTS))

    subjects = {
        "bad": kept(**{field: Known(bad, ACCOUNTS)}),
        "sound": make_azure(),
        "none": make_azure(storage=Known(storage(host=Known(None, "w")), "w")),
        "field-denied": kept(**{field: unknown(ACCOUNTS)}),
        "settings-denied": make_azure(storage=Known(storage(host=unknown("web:ListApplicationSettings")), "w")),
    }
    assert verdicts(check, subjects, AROUND) == {
        "bad": FAIL,
        "sound": PASS,
        "none": OUTSIDE,
        "field-denied": UNKNOWN,
        "settings-denied": UNKNOWN,
    }
    assert repairs(check, subjects["bad"])


def test_storage_network_open_is_low_without_shared_keys() -> None:
    def kept(shared: bool) -> Function:
        host = host_storage(open_network=Known(True, ACCOUNTS), shared_key=Known(shared, ACCOUNTS))
        return make_azure(storage=Known(storage(host=Known(host, ACCOUNTS)), ACCOUNTS))

    assert only(storage_network_open, kept(shared=False)).severity is Severity.LOW
    assert only(storage_network_open, kept(shared=True)).severity is None
