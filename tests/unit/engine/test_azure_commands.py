"""Every az command says which subscription it is about, and none is for a site where there is none."""

import re

import pytest

from auditor import plugins
from auditor.check import Check, Fix, Hit
from auditor.engine.azure_commands import in_container_app, in_subscription
from auditor.engine.remediation import fill
from auditor.model.ids import Cloud
from tests.unit.checks.azure import make_azure

_AZURE = [check for check in plugins.checks() if Cloud.AZURE in check.fix]
_ID = "/subscriptions/0000/resourcegroups/shop/providers/microsoft.app/containerapps/book-slots"
_HERE = "--resource-group {group} --name {app}{of_slot}"
_URI = "https://<vault>.vault.azure.net/secrets/<secret>"
_REFER = "az containerapp update --ids {id} --set-env-vars {variable}=secretref:<secret>"
_SITE = re.compile(r"az (functionapp|webapp) |containerapps/book-slots/config/|microsoft\.web/sites", re.IGNORECASE)


@pytest.mark.parametrize(
    ("template", "placed"),
    [
        (
            "az security pricing create --name AppServices",
            "az security pricing create --subscription {account} --name AppServices",
        ),
        ("az a b", "az a b --subscription {account}"),
        ("az a --ids {id} --set x=y", "az a --ids {id} --set x=y"),
        ("az role assignment create --scope {scope}", "az role assignment create --scope {scope}"),
        ("az extension add --name cdn", "az extension add --name cdn"),
        ("az keyvault update --subscription {own} --name v", "az keyvault update --subscription {own} --name v"),
        ("# az a --name b", "# az a --name b"),
        ("az a --name b\naz c --d e", "az a --subscription {account} --name b\naz c --subscription {account} --d e"),
    ],
)
def test_a_command_without_a_resource_id_names_the_subscription(template: str, placed: str) -> None:
    assert in_subscription(template) == placed


@pytest.mark.parametrize("check", _AZURE, ids=lambda check: check.id)
def test_every_az_command_of_a_check_names_its_subscription_or_a_whole_id(check: Check) -> None:
    filled = fill(check.fix[Cloud.AZURE], make_azure("orders"), Hit("m", ()))["command"] or ""
    lines = [line for line in filled.splitlines() if line.startswith("az ") and "az extension add" not in line]
    assert [line for line in lines if not re.search(r" --(ids|scope|subscription)[ =]", line)] == []


@pytest.mark.parametrize("check", _AZURE, ids=lambda check: check.id)
def test_no_command_for_a_site_is_printed_for_a_container_app(check: Check) -> None:
    function = make_azure("book-slots", id=_ID)
    filled = fill(check.fix[Cloud.AZURE], function, Hit("m", ()))["command"] or ""
    commands = [line for line in filled.splitlines() if not line.startswith("#")]
    assert [line for line in commands if _SITE.search(line)] == []
    assert filled == "" or "  # Container Apps" not in filled


@pytest.mark.parametrize(
    ("of_a_site", "of_a_container_app"),
    [
        (
            "az functionapp config appsettings set --resource-group {group} --name {app}{of_slot} --settings A=<b> C=d",
            "az containerapp update --ids {id} --set-env-vars A=<b> C=d",
        ),
        (
            f"az functionapp config appsettings set {_HERE} --settings {{variable}}'=@Microsoft.KeyVault(SecretUri={_URI})'",
            f"az containerapp secret set --ids {{id}} --secrets '<secret>=keyvaultref:{_URI},identityref:system'\n{_REFER}",
        ),
        (
            "az functionapp config appsettings delete --resource-group {group} --name {app}{of_slot} --setting-names A",
            "az containerapp update --ids {id} --remove-env-vars A",
        ),
        (
            "az functionapp config container set --resource-group {group} --name {app} --image <image>",
            "az containerapp update --ids {id} --image <image>",
        ),
        (
            "az resource update --ids {id}/config/authsettingsV2 --set properties.login.allowedExternalRedirectUrls=x",
            "az resource update --ids {id}/authConfigs/current --set properties.login.allowedExternalRedirectUrls=x",
        ),
        (
            "az resource update --ids {id}/config/web --set properties.functionAppScaleLimit=<peak>",
            "az containerapp update --ids {id} --max-replicas <peak>",
        ),
        (
            "az functionapp config set --resource-group {group} --name {app}{of_slot} --always-on true",
            "# a container app of its own: there is no app of App Service that a command could change",
        ),
        ("az a --ids {container}\naz functionapp x --name {app}", "az a --ids {container}"),
        ("az functionapp x --name {app}\naz y --ids {id}  # Container Apps", "az y --ids {id}"),
    ],
)
def test_what_a_site_is_told_a_container_app_is_told_in_its_own_words(of_a_site: str, of_a_container_app: str) -> None:
    assert in_container_app(of_a_site) == of_a_container_app


def test_a_line_for_container_apps_is_not_printed_for_a_site() -> None:
    fix = Fix(text="t", command="az a --ids {id}\naz b --ids {id}  # Container Apps", no_terraform="n")
    function = make_azure("orders")
    assert fill(fix, function, Hit("m", ()))["command"] == f"az a --ids {function.id}"


def test_terraform_for_a_container_app_says_which_resource_it_is() -> None:
    fix = Fix(text="t", no_command="n", terraform='resource "azurerm_linux_function_app" "this" {\n}')
    hosted = fill(fix, make_azure("book-slots", id=_ID), Hit("m", ()))["terraform"] or ""
    assert hosted.startswith("# a container app of its own: azurerm_container_app")
