"""The emulated bodies carry every member that real ones were recorded with."""

import json
from pathlib import Path
from typing import Any

import pytest

from moto_fixtures.azure.company import built
from moto_fixtures.azure.company.infrastructure import PRODUCTION, Infrastructure
from moto_fixtures.azure.errors import host_down, invalid_query

_RECORDED: dict[str, list[str]] = json.loads(Path(__file__).with_name("recorded_members.json").read_text())
_AT = f"/subscriptions/{PRODUCTION}/resourcegroups/fernhollow-shop/providers/microsoft."
_SITES = f"{_AT}web/sites/fhw-"


@pytest.fixture(scope="module")
def estate() -> Infrastructure:
    """The demo company, which has one of everything."""
    return built()


def _bodies(estate: Infrastructure) -> dict[str, Any]:
    tenant = estate.tenant

    def one(id: str) -> Any:
        return tenant.resources[id].body

    def row(path: str) -> Any:
        return tenant.lists[path][0]

    checkout, retired = f"{_SITES}checkout", f"{_SITES}order-fulfilment"
    subscription = f"/subscriptions/{PRODUCTION}/providers/microsoft."
    return {
        "site": one(checkout),
        "site.identity, both kinds": one(f"{_SITES}media-transcoder")["identity"],
        "slot": one(f"{checkout}/slots/staging"),
        "config/web": one(f"{checkout}/config/web"),
        "slot config/web": one(f"{checkout}/slots/staging/config/web"),
        "functions.value[]": row(f"{checkout}/functions"),
        "functions.value[], decorated": row(f"{retired}/functions"),
        "functionAppConfig": one(retired)["properties"]["functionAppConfig"],
        "plan": one(f"{_AT}web/serverfarms/shop-premium"),
        "storage account": one(f"{_AT}storage/storageaccounts/fhwshophost"),
        "user-assigned identity": one(f"{_AT}managedidentity/userassignedidentities/media-worker"),
        "role assignment": row(f"{subscription}authorization/roleassignments"),
        "role definition": row(f"{subscription}authorization/roledefinitions"),
        "pricing": row(f"{subscription}security/pricings"),
        "publishing policy": row(f"{checkout}/basicpublishingcredentialspolicies"),
        "slotConfigNames": tenant.documents[f"{checkout}/config/slotconfignames"],
        "appsettings": tenant.documents[f"{checkout}/config/appsettings"],
        "connectionstrings": tenant.documents[f"{checkout}/config/connectionstrings"],
        "Key Vault reference": row(f"{checkout}/config/configreferences/appsettings"),
        "private endpoint connection": row(f"{checkout}/privateendpointconnections"),
        "diagnostic setting": row(f"{checkout}/providers/microsoft.insights/diagnosticsettings"),
        "authsettingsV2": tenant.documents[f"{checkout}/config/authsettingsv2"],
        "function app stack": row("/providers/microsoft.web/functionappstacks"),
        "graph error": invalid_query("where", 3).json(),
        "host error": host_down().json(),
        "graph row": json.loads(tenant.row(tenant.resources[checkout], _ROW)),
    }  # fmt: skip


_ROW = ("id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku", "plan",
        "properties", "tags", "identity", "zones", "extendedLocation")  # fmt: skip


def _at(bodies: dict[str, Any], path: str) -> Any:
    """The object a recorded path leads to: ``site.properties.hostNameSslStates[]``, with a remark after a comma."""
    where, _, remark = path.partition(", ")
    name = next(
        known for known in sorted(bodies, key=len, reverse=True)
        if where.startswith(known.partition(", ")[0]) and known.partition(", ")[2] in ("", remark)
        and (known.partition(", ")[2] == remark or remark not in ("decorated", "both kinds"))
    )  # fmt: skip
    found = bodies[name]
    for step in filter(None, where.removeprefix(name.partition(", ")[0]).split(".")):
        member, _, index = step.rstrip("]").partition("[")
        found = found[member]
        found = found[int(index or 0)] if step.endswith("]") else found
    return found


_WITHOUT = {
    "functions",
    "graph answer",
    "site.properties.siteConfig, with a value",
    "function app stack.properties…linuxRuntimeSettings",
}


@pytest.mark.parametrize("path", sorted(set(_RECORDED) - _WITHOUT))
def test_no_recorded_member_is_missing(path: str, estate: Infrastructure) -> None:
    assert set(_RECORDED[path]) - set(_at(_bodies(estate), path)) == set()


def test_a_list_tells_no_more_of_the_configuration_than_recorded(estate: Infrastructure) -> None:
    told = estate.tenant.resources[f"{_SITES}checkout"].body["properties"]["siteConfig"]
    recorded = set(_RECORDED["site.properties.siteConfig, with a value"])
    assert {name for name, value in told.items() if value is not None} <= recorded


def test_python_functions_hide_their_files_and_others_do_not(estate: Infrastructure) -> None:
    lists = estate.tenant.lists
    decorated = lists[f"{_SITES}order-fulfilment/functions"][0]["properties"]
    plain = lists[f"{_SITES}checkout/functions"][0]["properties"]
    assert (decorated["config_href"], decorated["script_root_path_href"]) == (None, None)
    assert plain["config_href"].endswith("/api/function.json")


def test_runtimes_carry_their_last_day(estate: Infrastructure) -> None:
    stacks = {
        row["name"]: row["properties"] for row in estate.tenant.lists["/providers/microsoft.web/functionappstacks"]
    }
    ends = {
        minor["stackSettings"]["linuxRuntimeSettings"]["runtimeVersion"]: minor["stackSettings"][
            "linuxRuntimeSettings"
        ]["endOfLifeDate"][:10]
        for major in stacks["python"]["majorVersions"]
        for minor in major["minorVersions"]
    }
    assert ends["PYTHON|3.13"] == "2029-10-31"
    assert ends["PYTHON|3.9"] == "2025-10-31"
