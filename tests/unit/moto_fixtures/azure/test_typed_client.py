"""The unmodified SDK reads the emulated apps with its own typed operations."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.web import WebSiteManagementClient

from moto_fixtures.azure.server import Server

_GROUP = "Shop-Group"


def test_apps_of_every_group_and_no_slot_are_listed(client: WebSiteManagementClient) -> None:
    apps = {app.name: app for app in client.web_apps.list()}
    assert set(apps) == {"orders", "returns"}
    orders = apps["orders"]
    assert (orders.kind, orders.location, orders.tags) == ("functionapp,linux", "West Europe", {"team": "orders"})
    assert orders.identity is not None
    assert orders.identity.principal_id == "p"
    assert [app.name for app in client.web_apps.list_by_resource_group("other-group")] == ["returns"]


def test_the_site_configuration_of_a_list_is_nearly_all_null(client: WebSiteManagementClient) -> None:
    (listed,) = [app for app in client.web_apps.list() if app.name == "orders"]
    assert listed.site_config is not None
    assert listed.site_config.linux_fx_version == "Node|22"
    assert listed.site_config.always_on is True
    assert listed.site_config.min_tls_version is None
    assert listed.site_config.ftps_state is None
    assert listed.site_config.ip_security_restrictions is None


def test_the_configuration_itself_is_whole(client: WebSiteManagementClient) -> None:
    whole = client.web_apps.get_configuration(_GROUP, "orders")
    assert (whole.min_tls_version, whole.ftps_state, whole.http20_enabled) == ("1.1", "FtpsOnly", True)
    assert whole.ip_security_restrictions is not None
    assert [(rule.ip_address, rule.action) for rule in whole.ip_security_restrictions] == [("Any", "Allow")]
    slot = client.web_apps.get_configuration_slot(_GROUP, "orders", "staging")
    assert slot.min_tls_version == "1.1"


def test_functions_carry_bindings_in_both_spellings(client: WebSiteManagementClient) -> None:
    told = {row.name: row.config for row in client.web_apps.list_functions(_GROUP, "orders")}
    assert told["orders/take"]["bindings"][0]["authLevel"] == "anonymous"
    loud = told["orders/count"]["bindings"][0]
    assert (loud["direction"], loud["authLevel"], loud["methods"]) == ("IN", "FUNCTION", ["GET"])
    assert told["orders/sweep"]["bindings"][0]["type"] == "timerTrigger"


def test_settings_connections_and_references(client: WebSiteManagementClient) -> None:
    settings = client.web_apps.list_application_settings(_GROUP, "orders")
    assert settings.properties == {"FUNCTIONS_EXTENSION_VERSION": "~4", "STAGE": "test"}
    connections = client.web_apps.list_connection_strings(_GROUP, "orders").properties
    assert connections is not None
    assert (connections["Orders"].value, connections["Orders"].type) == ("Server=tcp:sql.example", "SQLAzure")
    (reference,) = client.web_apps.get_app_settings_key_vault_references(_GROUP, "orders")
    assert (reference.name, reference.properties.status) == ("DB", "AccessToKeyVaultDenied")
    sticky = client.web_apps.list_slot_configuration_names(_GROUP, "orders")
    assert sticky.app_setting_names == ["STAGE"]


def test_sign_in_that_was_never_configured_is_an_empty_object(client: WebSiteManagementClient) -> None:
    told = client.web_apps.get_auth_settings_v2_without_secrets(_GROUP, "orders")
    assert told.as_dict()["properties"] == {}


def test_slots_policies_and_mounts(client: WebSiteManagementClient) -> None:
    assert [slot.name for slot in client.web_apps.list_slots(_GROUP, "orders")] == ["orders/staging"]
    policies = client.web_apps.list_basic_publishing_credentials_policies(_GROUP, "orders")
    assert {policy.name: policy.allow for policy in policies} == {"ftp": True, "scm": True}
    assert client.web_apps.get_scm_allowed(_GROUP, "orders").allow is True
    assert client.web_apps.list_azure_storage_accounts(_GROUP, "orders").properties == {}
    assert client.web_apps.get_diagnostic_logs_configuration(_GROUP, "orders").http_logs is not None


def test_plans_and_runtimes(client: WebSiteManagementClient) -> None:
    assert {plan.name: plan.sku and plan.sku.tier for plan in client.app_service_plans.list()} == {"plan": "Dynamic"}
    stacks = {stack.name for stack in client.provider.get_function_app_stacks()}
    assert stacks == {"dotnet", "node", "python", "java", "powershell", "custom"}


def test_what_is_not_there_is_not_found(client: WebSiteManagementClient) -> None:
    with pytest.raises(ResourceNotFoundError) as gone:
        client.web_apps.get_configuration(_GROUP, "nobody")
    assert gone.value.error is not None
    assert gone.value.error.code == "ResourceNotFound"
    with pytest.raises(ResourceNotFoundError):
        client.web_apps.get_source_control(_GROUP, "orders")


def test_the_request_log_proves_that_only_declared_reads_were_sent(
    client: WebSiteManagementClient, server: Server
) -> None:
    server.forget_requests()
    list(client.web_apps.list_functions(_GROUP, "orders"))
    client.web_apps.list_application_settings(_GROUP, "orders")
    with pytest.raises(HttpResponseError):
        client.web_apps.list_host_keys(_GROUP, "orders")
    site = (
        f"/subscriptions/{client._config.subscription_id}/resourceGroups/{_GROUP}/providers/Microsoft.Web/sites/orders"
    )
    assert [(seen.method, seen.path, seen.api_version, seen.operation, seen.status) for seen in server.requests] == [
        ("GET", f"{site}/functions", "2025-05-01", "web:ListFunctions", 200),
        ("POST", f"{site}/config/appsettings/list", "2025-05-01", "web:ListApplicationSettings", 200),
        ("POST", f"{site}/host/default/listkeys", "2025-05-01", "", 404),
    ]
