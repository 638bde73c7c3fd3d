"""Runtimes, monitoring, usage, limits, container hosts, callers and what holds for a subscription."""

import pytest

from auditor.model.capture import Envelope
from auditor.model.guardrails import Caller, DnsRecord
from auditor.model.lifecycle import Support
from auditor.model.observed import GapReason, Known, Observed, Unknown
from tests.unit.providers.azure.normalize.capture import (
    ACCOUNT,
    COMPONENT,
    CONTAINER_APP,
    GROUP,
    MENU,
    ORDERS,
    PLAN,
    SETTINGS,
    STACKS,
    THUMBS,
    WORKSPACE,
    absent,
    arm,
    config_row,
    gap,
    handler,
    metrics,
    ok,
    points,
    referred,
    rows,
    settings,
    site_row,
    stack,
    variable,
)
from tests.unit.providers.azure.normalize.reading import app, listed, one, orders, read

LIST = "web:ListApplicationSettings"


@pytest.mark.parametrize(
    ("stack_of", "runtime"),
    [
        ("Python|3.11", "python|3.11"),
        ("NODE|20", "node|20"),
        ("DOTNET-ISOLATED|8.0", "dotnet-isolated|8.0"),
        ("DOTNET|6.0", "dotnet|6.0"),
        ("Java|17", "java|17"),
        ("PowerShell|7", "powershell|7.0"),
    ],
)
def test_runtimes_on_linux(stack_of, runtime) -> None:
    assert one({"linuxFxVersion": stack_of}).runtime == Known(runtime, "graph:SiteConfigs")


@pytest.mark.parametrize(
    ("own", "config", "runtime"),
    [
        ({"FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITE_NODE_DEFAULT_VERSION": "~18"}, {}, "node|18"),
        ({"FUNCTIONS_WORKER_RUNTIME": "java"}, {"javaVersion": "1.8"}, "java|8"),
        ({"FUNCTIONS_WORKER_RUNTIME": "java"}, {"javaVersion": "17"}, "java|17"),
        ({"FUNCTIONS_WORKER_RUNTIME": "powershell"}, {"powerShellVersion": "7.4"}, "powershell|7.4"),
        ({"FUNCTIONS_WORKER_RUNTIME": "dotnet-isolated"}, {"netFrameworkVersion": "v8.0"}, "dotnet-isolated|8.0"),
        ({"FUNCTIONS_WORKER_RUNTIME": "dotnet"}, {"netFrameworkVersion": "v6.0"}, "dotnet|6.0"),
        ({"FUNCTIONS_WORKER_RUNTIME": "dotnet", "FUNCTIONS_EXTENSION_VERSION": "~3"}, {}, "dotnet|3.1"),
        ({"FUNCTIONS_WORKER_RUNTIME": "custom"}, {}, "custom"),
    ],
)
def test_runtimes_on_windows(own, config, runtime) -> None:
    row = site_row("orders", reserved=False) | {"kind": "functionapp"}
    changed = {name: variable(value=value) for name, value in own.items()}
    function = orders(
        *listed(row),
        rows("graph:SiteConfigs", config_row(ORDERS, linuxFxVersion="", **config)),
        ok(LIST, {"properties": changed}, ORDERS),
    )
    assert function.runtime.need() == runtime


@pytest.mark.parametrize("held", ["Node|22", variable(value="Node|22")], ids=["by earlier versions", "judged"])
def test_a_stack_that_only_the_properties_of_the_site_repeat(held: object) -> None:
    repeated = {"properties": [{"name": "LinuxFxVersion", "value": held}]}
    function = orders(
        *listed(site_row("orders", siteConfig=None, siteProperties=repeated)),
        rows("graph:SiteConfigs", config_row(ORDERS, linuxFxVersion="")),
    )
    assert function.runtime == Known("node|22", "graph:Sites")


def test_without_settings_a_windows_app_shows_some_languages_only() -> None:
    row = site_row("orders", reserved=False) | {"kind": "functionapp"}
    refused = gap(LIST, ORDERS)
    java = orders(*listed(row), rows("graph:SiteConfigs", config_row(ORDERS, javaVersion="21")), refused)
    assert java.runtime == Known("java|21", "graph:SiteConfigs")
    other = orders(*listed(row), rows("graph:SiteConfigs", config_row(ORDERS)), refused)
    assert other.runtime.gap.reason is GapReason.DENIED
    assert other.support == other.runtime


def test_flex_states_its_runtime_itself() -> None:
    function = app(read(gap(LIST, THUMBS)), THUMBS)
    assert function.runtime == Known("python|3.13", "graph:Sites")
    assert function.hosting.need().in_process.need() is False


def test_the_dates_of_a_runtime_are_the_clouds_own() -> None:
    ends = Support(deprecated_on="2029-10-31", decommissioned_on=None)
    assert orders().support == Known(ends, "web:ListFunctionAppStacks")
    assert one({"linuxFxVersion": "Python|3.12"}).support == Known(None, "web:ListFunctionAppStacks")
    assert one({"linuxFxVersion": "Python|3.6"}).support == Known(None, "web:ListFunctionAppStacks")
    assert one({"linuxFxVersion": "Node|18"}).support.need() == Support(
        deprecated_on="2025-04-30", decommissioned_on=None, ended=True
    )
    assert one({"linuxFxVersion": "DOCKER|x/y:1"}, kind="functionapp,linux,container").support.need() is None
    assert orders(gap("web:ListFunctionAppStacks")).support.gap.reason is GapReason.DENIED


def test_the_net_framework_does_not_pass_for_the_version_of_its_worker() -> None:
    framework = stack(
        "dotnet", ("v6.0", "windows", None, {"appSettingsDictionary": {"FUNCTIONS_WORKER_RUNTIME": "dotnet-isolated"}})
    )
    framework["properties"]["majorVersions"][0]["value"] = "dotnetframework48"
    real = stack("dotnet", ("DOTNET-ISOLATED|6.0", "linux", "2024-11-12T00:00:00Z", {}))
    function = orders(
        rows("web:ListFunctionAppStacks", framework, real, *STACKS),
        rows("graph:SiteConfigs", config_row(ORDERS, linuxFxVersion="DOTNET-ISOLATED|6.0")),
    )
    assert function.support.need().deprecated_on == "2024-11-12"


def test_insights_are_found_by_the_same_value_or_by_the_portals_link() -> None:
    insights = orders().monitoring.need().insights.need()
    assert (insights.id, insights.local_auth.need(), insights.public.need()) == (COMPONENT.lower(), False, False)
    other = settings(APPLICATIONINSIGHTS_CONNECTION_STRING=variable(digest="zz"))
    by_link = orders(ok(LIST, {"properties": other}, ORDERS)).monitoring.need().insights.need()
    assert by_link.id == COMPONENT.lower()
    nowhere = app(read(ok(LIST, {"properties": other}, THUMBS)), THUMBS).monitoring.need().insights.need()
    assert (nowhere.id, nowhere.local_auth.gap.reason) == (None, GapReason.NOT_COLLECTED)


def test_no_insights_and_the_retired_key() -> None:
    bare = {key: value for key, value in SETTINGS.items() if not key.startswith("APPLICATIONINSIGHTS")}
    assert orders(ok(LIST, {"properties": bare}, ORDERS)).monitoring.need().insights == Known(None, LIST)
    keyed = bare | {"APPINSIGHTS_INSTRUMENTATIONKEY": variable()}
    monitoring = orders(ok(LIST, {"properties": keyed}, ORDERS)).monitoring.need()
    assert monitoring.insights_key_only == Known(True, LIST)
    assert orders().monitoring.need().insights_key_only == Known(False, LIST)


def test_diagnostic_settings_and_how_long_their_target_keeps() -> None:
    [setting] = orders().monitoring.need().diagnostics.need()
    assert (setting.categories, setting.target) == (("FunctionAppLogs",), WORKSPACE.lower())
    assert setting.retention_days == Known(90, "graph:Workspaces")
    group = {
        "name": "all",
        "properties": {
            "workspaceId": "",
            "storageAccountId": ACCOUNT,
            "logs": [{"categoryGroup": "allLogs", "enabled": True, "retentionPolicy": {"enabled": True, "days": 30}}],
        },
    }
    [stored] = (
        orders(rows("insights:ListDiagnosticSettings", group, subject=ORDERS)).monitoring.need().diagnostics.need()
    )
    assert (stored.categories, stored.retention_days.need()) == (("allLogs",), 30)


def test_host_logs() -> None:
    monitoring = orders().monitoring.need()
    assert (monitoring.http_logs.need(), monitoring.detailed_errors.need()) == (True, False)


def test_usage_of_the_last_days() -> None:
    usage = orders().monitoring.need().usage.need()
    assert (usage.executions_30_days.need(), usage.executions_90_days.need()) == (105, 115)
    assert (usage.days, usage.executions.need(), usage.idle_days.need()) == (90, 115, 3)
    assert (usage.recent_per_day.need(), usage.executions_before.need()) == (10.0, 5.0)
    assert usage.failed == Known(0.1, "insights:GetMetrics")
    idle = metrics(ORDERS, FunctionExecutionCount=points(), Requests=points(("2026-11-20", 0.0)), Http5xx=points())
    quiet = orders(idle).monitoring.need().usage.need()
    assert (quiet.executions_90_days.need(), quiet.idle_days.need(), quiet.failed.need()) == (0, None, None)
    assert isinstance(orders(metrics(ORDERS)).monitoring.need().usage.need().executions_30_days, Unknown)


def test_a_shorter_span_tells_nothing_of_the_days_before_it() -> None:
    week = metrics(
        ORDERS, "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z", FunctionExecutionCount=points(("2026-11-20", 70.0))
    )
    usage = orders(week).monitoring.need().usage.need()
    assert (usage.days, usage.executions.need(), usage.recent_per_day.need()) == (7, 70, 10.0)
    for fact in (usage.executions_30_days, usage.executions_90_days, usage.executions_before):
        assert fact.gap.reason is GapReason.NOT_IN_TIER
        assert "read over 7 days: ask for --activity" in fact.gap.message


@pytest.mark.parametrize("span", ["2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z/2026-11-23T00:00:00Z", "a/b"])
def test_a_span_that_is_none_is_a_gap(span: str) -> None:
    found = orders(metrics(ORDERS, span, FunctionExecutionCount=points())).monitoring.need().usage
    assert isinstance(found, Unknown)
    assert found.gap.reason is GapReason.MALFORMED


def test_flex_is_not_idle_because_it_counts_elsewhere() -> None:
    idle = metrics(THUMBS, FunctionExecutionCount=points(("2026-11-20", 0.0)))
    assert isinstance(app(read(idle), THUMBS).monitoring.need().usage.need().executions_30_days, Unknown)
    counted = metrics(THUMBS, OnDemandFunctionExecutionCount=points(("2026-11-20", 7.0)))
    assert app(read(counted), THUMBS).monitoring.need().usage.need().executions_30_days.need() == 7


def test_defender_covers_dedicated_plans_only() -> None:
    assert one(sku="PremiumV3").monitoring.need().threat_detection == Known(True, "security:ListPricings")
    assert orders().monitoring.need().threat_detection == Known(False, "security:ListPricings")


def test_limits_of_each_kind() -> None:
    premium = orders().limits
    assert (premium.max_instances.need(), premium.min_instances.need(), premium.prewarmed.need()) == (20, 2, 1)
    assert premium.memory_mb == Known(3584, "graph:Plans")
    assert premium.daily_quota.gap.reason is GapReason.NOT_OFFERED
    flexible = app(read(), THUMBS).limits
    assert (flexible.max_instances.need(), flexible.min_instances.need(), flexible.per_instance.need()) == (40, 2, 16)
    assert flexible.memory_mb.need() == 2048
    classic = one({"functionAppScaleLimit": 0}, sku="Dynamic").limits
    assert (classic.max_instances.need(), classic.daily_quota.need()) == (None, None)
    assert one(sku="Dynamic", dailyMemoryTimeQuota=500).limits.daily_quota.need() == 500
    assert app(read(), MENU).limits.max_instances == Known(5, "graph:ContainerApps")
    assert one(sku="PremiumV3").limits.max_instances.gap.reason is GapReason.NOT_OFFERED


def test_the_older_setting_that_bounds_scale_out() -> None:
    older = settings(WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT=variable(value="3"))
    config = rows("graph:SiteConfigs", config_row(ORDERS, functionAppScaleLimit=0))
    assert orders(config, ok(LIST, {"properties": older}, ORDERS)).limits.max_instances == Known(3, LIST)


def test_the_time_out_lies_in_the_package_unless_a_setting_overrides_it() -> None:
    assert orders().limits.timeout_seconds.gap.reason is GapReason.NOT_AT_DEPTH

    def told(value: str | None):
        own = settings(AzureFunctionsJobHost__functionTimeout=variable(value=value))
        return orders(ok(LIST, {"properties": own}, ORDERS)).limits.timeout_seconds

    assert told("00:05:00") == Known(300, LIST)
    assert told("1.00:00:00") == Known(86400, LIST)
    assert told("-1") == Known(0, LIST)
    assert told(None).gap.reason is GapReason.UNRECOGNISED


def test_refused_settings_leave_what_they_may_override_unknown() -> None:
    bounds = orders(gap(LIST, ORDERS)).limits
    assert bounds.timeout_seconds.gap.reason is GapReason.DENIED
    assert bounds.per_instance.gap.reason is GapReason.DENIED


def test_a_container_app_behind_a_site() -> None:
    function = app(read(), MENU)
    host = function.hosting.need().container_host.need()
    assert (host.id, host.external.need(), host.restricted.need()) == (CONTAINER_APP.lower(), True, True)
    assert (host.public_environment.need(), host.plain_secrets.need(), host.authentication.need()) == (
        True,
        ("API_TOKEN",),
        True,
    )
    assert function.authentication.need().required == Known(True, "app:GetAuthConfig")
    assert function.deployment.need().build.image.need() == "fernhollow.azurecr.io/menu:2026-11-01"
    assert function.ingress.need().scope.source == "graph:ContainerApps"


def test_a_container_app_whose_site_settings_were_refused_has_an_unknown_login() -> None:
    function = app(read(gap("web:GetAuthSettings", MENU)), MENU)
    assert isinstance(function.authentication, Unknown)
    assert (function.authentication.gap.reason, function.authentication.gap.operation) == (
        GapReason.DENIED,
        "web:GetAuthSettings",
    )


def test_a_container_app_is_told_by_its_environment_and_name_too() -> None:
    [row] = next(e for e in referred() if e.operation == "graph:ContainerApps").body["data"]
    row = {key: value for key, value in row.items() if key != "managedBy"}
    assert (
        app(read(rows("graph:ContainerApps", row)), MENU).hosting.need().container_host.need().id
        == CONTAINER_APP.lower()
    )
    gone = app(read(rows("graph:ContainerApps")), MENU)
    assert gone.hosting.need().container_host.gap.reason is GapReason.NOT_COLLECTED
    assert isinstance(gone.ingress.need().scope, Unknown)


def test_a_container_app_that_never_set_up_a_sign_in() -> None:
    host = app(read(absent("app:GetAuthConfig", CONTAINER_APP.lower())), MENU).hosting.need().container_host.need()
    assert host.authentication == Known(False, "app:GetAuthConfig")


def test_who_delivers_events() -> None:
    [caller] = orders().callers.need()
    assert caller == Caller(
        id=f"{ACCOUNT}/providers/Microsoft.EventGrid/eventSubscriptions/new-orders".lower(),
        kind="event-subscription",
        target="orders.azurewebsites.net/runtime/webhooks/eventgrid",
        function=ORDERS,
        identified=False,
        key_in_url=True,
    )
    native = {
        "id": "/x/eventSubscriptions/n",
        "properties": {
            "deliveryWithResourceIdentity": {
                "destination": {
                    "endpointType": "AzureFunction",
                    "properties": {"resourceId": arm("Microsoft.Web/sites", "orders/functions/take")},
                }
            }
        },
    }
    replaced = rows("eventgrid:ListRegionalSubscriptions", native, subject="westeurope")
    [found] = orders(replaced).callers.need()
    assert (found.identified, found.key_in_url) == (True, False)
    assert app(read(), THUMBS).callers == Known((), "eventgrid:ListSubscriptions")


LISTS_OF_DELIVERIES = ("eventgrid:ListSubscriptions", "eventgrid:ListRegionalSubscriptions", "graph:StorageAccounts")


def refusal(operation):
    return gap(operation, "westeurope" if operation == "eventgrid:ListRegionalSubscriptions" else "")


@pytest.mark.parametrize("operation", LISTS_OF_DELIVERIES)
def test_where_deliveries_may_be_hidden_none_is_taken_for_absent(operation) -> None:
    for key in (THUMBS, MENU):
        function = app(read(refusal(operation)), key)
        assert function.callers.gap.operation == operation
        assert operation in {group.gap.operation for group in function.triggers if isinstance(group, Unknown)}


@pytest.mark.parametrize("operation", ["eventgrid:ListSubscriptions", "graph:StorageAccounts"])
def test_a_delivery_with_a_key_is_told_whatever_else_may_be_hidden(operation) -> None:
    found = orders(refusal(operation)).callers
    assert [caller.key_in_url for caller in found.need()] == [True]
    assert found.source == "eventgrid:ListRegionalSubscriptions"


def test_a_delivery_is_a_trigger_that_is_enabled_where_any_handler_is() -> None:
    http = {"type": "httpTrigger", "authLevel": "function", "direction": "in"}
    handlers = [handler("off", http, disabled=True), handler("on", http)]
    own, delivered = orders(ok("web:ListFunctions", {"value": handlers}, ORDERS)).triggers
    assert (own.source, [trigger.service for trigger in own.need()]) == ("web:ListFunctions", ["http", "http"])
    [posted] = delivered.need()
    assert delivered.source == "eventgrid:ListRegionalSubscriptions"
    assert (posted.service, posted.enabled, posted.source) == ("eventgrid", True, ACCOUNT.lower())


def guardrails(*changes):
    return read(*changes).scopes[0].guardrails.need()


def test_plans_alerts_and_names_of_a_subscription() -> None:
    found = guardrails()
    assert found.detection_plans.need() == (("AppServices", True), ("CloudPosture", True), ("StorageAccounts", False))
    assert found.serverless_posture.need() is True
    assert found.alerts.need() == ("microsoft.web/sites/write",)
    assert found.empty_plans == Known((), "graph:Plans")
    record = arm("Microsoft.Network/dnsZones", "fernhollow.example/cname/old").lower()
    left = DnsRecord(name="old.fernhollow.example", target="gone.azurewebsites.net", id=record)
    assert found.dangling_names == Known((left,), "graph:DnsRecords")


def test_budgets_that_tell_somebody_watch_what_is_spent() -> None:
    def alerts(*changes: Envelope) -> Observed[tuple[str, ...]]:
        return read(*changes).scopes[0].spend_alerts

    def budget(category: str = "Cost", *, on: bool = True) -> Envelope:
        told = {"category": category, "notifications": {"actual": {"enabled": on}}}
        return rows("consumption:ListBudgets", {"name": "monthly", "properties": told})

    assert alerts() == Known(("monthly",), "consumption:ListBudgets")
    assert alerts(budget(on=False)).need() == ()
    assert alerts(budget("ReservationUtilization")).need() == ()
    assert alerts(rows("consumption:ListBudgets")).need() == ()
    for found in (alerts(gap("consumption:ListBudgets")), alerts(rows("consumption:ListBudgets", {"name": "m"}))):
        assert isinstance(found, Unknown)
        assert found.gap.operation == "consumption:ListBudgets"


def test_a_posture_plan_without_the_extension_and_an_empty_plan() -> None:
    off = {"name": "CloudPosture", "properties": {"pricingTier": "Free"}}
    assert guardrails(rows("security:ListPricings", off)).serverless_posture.need() is False
    bare = {"name": "CloudPosture", "properties": {"pricingTier": "Standard", "extensions": []}}
    assert guardrails(rows("security:ListPricings", bare)).serverless_posture.need() is False
    plan = {"id": PLAN.lower(), "sku": {"name": "P1v3", "tier": "PremiumV3"}, "properties": {"numberOfSites": 0}}
    dynamic = plan | {"id": f"{PLAN}-2".lower(), "sku": {"name": "Y1", "tier": "Dynamic"}}
    assert guardrails(rows("graph:Plans", plan, dynamic)).empty_plans.need() == (PLAN.lower(),)


def test_an_alert_that_is_off_watches_nothing() -> None:
    alert = {"id": f"/{GROUP}", "properties": {"enabled": False, "condition": {"allOf": []}}}
    assert guardrails(rows("graph:Alerts", alert)).alerts.need() == ()
