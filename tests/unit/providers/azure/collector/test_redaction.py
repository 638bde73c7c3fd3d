"""What the table declares about credentials: none of a body's survives, and what is needed of it does."""

import json
from typing import Any

import pytest

from auditor.model.secret import Treatment
from auditor.snapshot.redact import Redactor
from providers.azure.operations import BY_ID, OPERATIONS
from providers.azure.response_body import stored

KEY = "q7" * 30 + "Zx" * 12 + "=="
CONNECTION = (
    "DefaultEndpointsProtocol=https;AccountName=fhwshop;" + "Account" + f"Key={KEY};EndpointSuffix=core.windows.net"
)
SIGNED = "https://fhwshop.blob.core.windows.net/logs?sv=2024-01-01&sig=" + "Ab9" * 14
CONFIGURATION = {
    "appSettings": [{"name": "Storage", "value": CONNECTION}],
    "connectionStrings": [{"name": "Orders", "connectionString": CONNECTION, "type": "Custom"}],
    "azureStorageAccounts": {"m": {"accountName": "fhwshop", "accessKey": KEY}},
    "publishingPassword": KEY,
    "machineKey": {"validationKey": KEY},
    "minTlsVersion": "1.2",
}
ENV = [{"name": "Storage", "value": CONNECTION}, {"name": "Other", "secretRef": "other-ref"}]
CONTAINER = {
    "properties": {
        "configuration": {"secrets": [{"name": "other-ref", "value": KEY}]},
        "template": {"containers": [{"image": "fhw/app:1", "env": ENV}], "initContainers": [{"env": ENV}]},
    }
}
DELIVERY = {
    "endpointUrl": "https://fhw.azurewebsites.net/api/f?code=" + KEY,
    "deliveryAttributeMappings": [{"name": "X-Key", "properties": {"value": KEY, "isSecret": True}}],
}


@pytest.mark.parametrize(
    ("operation", "body", "kept"),
    [
        (
            "graph:Sites",
            {"data": [{"name": "orders", "properties": {"siteConfig": CONFIGURATION}}]},
            ["orders", '"1.2"'],
        ),
        ("graph:SiteConfigs", {"data": [{"properties": CONFIGURATION}]}, ['"1.2"', "Orders"]),
        ("web:ListSites", {"value": [{"properties": {"siteConfig": CONFIGURATION}}]}, ['"1.2"']),
        ("web:ListSlots", {"value": [{"properties": {"siteConfig": CONFIGURATION}}]}, ['"1.2"']),
        ("web:GetConfiguration", {"properties": CONFIGURATION}, ['"1.2"']),
        (
            "web:ListApplicationSettings",
            {"properties": {"AzureWebJobsStorage": CONNECTION}},
            ["AzureWebJobsStorage", "fhwshop"],
        ),
        (
            "web:ListConnectionStrings",
            {"properties": {"Orders": {"value": CONNECTION, "type": "Custom"}}},
            ["Orders", '"Custom"'],
        ),
        ("web:ListMounts", {"properties": {"m": {"accessKey": KEY, "mountPath": "/m"}}}, ['"/m"']),
        (
            "web:GetLogsConfiguration",
            {"properties": {"httpLogs": {"azureBlobStorage": {"sasUrl": SIGNED, "retentionInDays": 7}}}},
            ['"retentionInDays": 7'],
        ),
        ("web:ListHybridConnections", {"value": [{"properties": {"sendKeyValue": KEY, "relayName": "erp"}}]}, ["erp"]),
        ("web:ListBackups", {"value": [{"properties": {"storageAccountUrl": SIGNED, "status": "Failed"}}]}, ["Failed"]),
        (
            "web:ListFunctions",
            {"value": [{"properties": {"files": {"f.js": CONNECTION}, "test_data": KEY, "language": "node"}}]},
            ["node"],
        ),
        ("graph:ContainerApps", {"data": [CONTAINER]}, ["other-ref", "fhw/app:1", "Storage"]),
        ("app:GetContainerApp", CONTAINER, ["other-ref", "fhw/app:1", "Storage"]),
        (
            "graph:Components",
            {"data": [{"properties": {"ConnectionString": "Instrumentation" + f"Key={KEY}", "RetentionInDays": 90}}]},
            ["90"],
        ),
        (
            "graph:Certificates",
            {"data": [{"properties": {"pfxBlob": KEY, "password": KEY, "thumbprint": "AA"}}]},
            ["AA"],
        ),
        (
            "eventgrid:ListSubscriptions",
            {"value": [{"properties": {"destination": {"endpointType": "WebHook", "properties": DELIVERY}}}]},
            ["WebHook", "X-Key"],
        ),
    ],
)
def test_no_credential_survives(operation: str, body: Any, kept: list[str]) -> None:
    declared = BY_ID[operation]
    text = json.dumps(Redactor(b"k").body(stored(declared, body), declared.redact))
    assert KEY not in text
    assert "sig=" not in text
    for word in kept:
        assert word in text


def test_everything_in_the_settings_tier_is_redacted() -> None:
    for operation in OPERATIONS:
        if operation.tier == "settings":
            assert set(operation.redact.values()) <= {Treatment.VARIABLES, Treatment.TEXT}
            assert operation.redact
            assert operation.method == "POST"


def test_a_bodys_own_shape_is_left_alone_where_it_is_not_what_was_expected() -> None:
    odd = {"properties": {"template": {"containers": [7, {"env": None}, {"env": ["x"]}], "initContainers": None}}}
    declared = BY_ID["app:GetContainerApp"]
    assert stored(declared, odd)["properties"]["template"]["containers"] == [
        7,
        {"env": None},
        {"env": [], "envSources": []},
    ]
    assert stored(declared, {"properties": None}) == {"properties": None}
    assert stored(BY_ID["web:ListConnectionStrings"], {"properties": None}) == {"properties": None}
