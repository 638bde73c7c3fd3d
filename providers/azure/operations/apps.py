"""Calls about one function app or slot. What Reader may ask comes first; settings are a tier of their own."""

from typing import Any, Final

from auditor.enricher import PACKAGES
from auditor.model.secret import Treatment
from providers.answers.code_analysis import SHAPE
from providers.azure.operations.declaration import (
    CONFIGURATION,
    FULL,
    LIST,
    LIST_OR_ONE,
    POSTS,
    SITE,
    STANDARD,
    WEB,
    AzureOperation,
    declare,
    under,
)

_NOT_FOUND: Final = frozenset({"NotFound"})
_SETTINGS: Final = "Microsoft.Web/sites/config/list/action"
_SLOT_SETTINGS: Final = "Microsoft.Web/sites/slots/config/list/action"


def _of_app(name: str, permission: str, purpose: str, path: str, **rest: Any) -> AzureOperation:
    """A call below a site; on a slot, the permission has ``slots`` in it."""
    return declare(
        f"web:{name}",
        f"Microsoft.Web/sites/{permission}",
        purpose,
        f"{{id}}/{path}",
        WEB,
        slot_permission=f"Microsoft.Web/sites/slots/{permission}",
        per_subject=True,
        **rest,
    )


def _settings(name: str, purpose: str, path: str, **rest: Any) -> AzureOperation:
    return declare(
        f"web:{name}",
        _SETTINGS,
        purpose,
        f"{{id}}/config/{path}/list",
        WEB,
        method="POST",
        bucket=POSTS,
        tier="settings",
        slot_permission=_SLOT_SETTINGS,
        per_subject=True,
        **rest,
    )


APPS: Final[tuple[AzureOperation, ...]] = (
    declare(
        "web:ListSlots",
        "Microsoft.Web/sites/slots/read",
        "an app's slots, where Resource Graph has no answer",
        "{id}/slots",
        WEB,
        per_subject=True,
        pages="value",
        redact=under("value[]", SITE),
    ),
    _of_app(
        "GetConfiguration",
        "config/read",
        "the full configuration of an app, where Resource Graph has no answer",
        "config/web",
        depth=STANDARD,
        redact=under("properties", CONFIGURATION),
    ),
    _of_app(
        "ListFunctions",
        "functions/read",
        "the functions of an app with their triggers and bindings (never their code)",
        "functions",
        depth=STANDARD,
        pages="value",
        redact={
            "value[].properties.files": Treatment.DROP,
            "value[].properties.test_data": Treatment.DROP,
        },
    ),
    _of_app(
        "GetAuthSettings",
        "config/read",
        "whether and how the platform authenticates callers (never the secrets)",
        "config/authsettingsV2",
        depth=STANDARD,
        revised=True,
        # of the settings' first version, which an old app may still answer: the second names the settings instead
        redact={
            f"properties.{name}": Treatment.DROP
            for name in (
                "clientSecret",
                "facebookAppSecret",
                "gitHubClientSecret",
                "googleClientSecret",
                "microsoftAccountClientSecret",
                "twitterConsumerSecret",
            )
        },
    ),
    _of_app(
        "ListPublishingPolicies",
        "basicPublishingCredentialsPolicies/read",
        "whether a user name and password may publish code",
        "basicPublishingCredentialsPolicies",
        depth=STANDARD,
        revised=True,
        pages="value",
    ),
    _of_app(
        "GetKeyVaultReferences",
        "config/read",
        "which settings are Key Vault references and whether they resolve (never their values)",
        "config/configreferences/appsettings",
        depth=STANDARD,
        pages="value",
        answer=LIST_OR_ONE,
    ),
    _settings(
        "ListApplicationSettings",
        "settings: secrets in plain text, host storage, runtime version (values are judged and dropped)",
        "appsettings",
        depth=STANDARD,
        revised=True,
        redact={"properties": Treatment.VARIABLES},
    ),
    declare(
        "web:GetPackageCode",
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        "what is inside an app's package: fetched from where the app says it lies, analysed and deleted (a signed"
        " address in its settings is enough; reading code over the app's own deployment endpoint takes"
        " Microsoft.Web/sites/publish/Action, which may deploy as well: that is used where the caller holds it and"
        " never asked for)",
        "{id}/config/appsettings/list",
        WEB,
        method="POST",
        bucket=POSTS,
        tier=PACKAGES,
        data=True,
        per_subject=True,
        depth=STANDARD,
        answer=SHAPE,
    ),
    _settings(
        "ListConnectionStrings",
        "connection strings (values are judged and dropped)",
        "connectionstrings",
        depth=STANDARD,
        revised=True,
        redact={"properties": Treatment.VARIABLES},
        reshape="connection-strings",
    ),
    declare(
        "insights:ListDiagnosticSettings",
        "Microsoft.Insights/diagnosticSettings/read",
        "where an app's logs are sent",
        "{id}/providers/Microsoft.Insights/diagnosticSettings",
        "2021-05-01-preview",
        per_subject=True,
        depth=FULL,
        pages="value",
    ),
    _of_app(
        "GetLogsConfiguration",
        "config/read",
        "an app's own logs and how long they are kept",
        "config/logs",
        depth=FULL,
        revised=True,
        redact={
            "properties.applicationLogs.azureBlobStorage.sasUrl": Treatment.URL,
            "properties.applicationLogs.azureTableStorage.sasUrl": Treatment.URL,
            "properties.httpLogs.azureBlobStorage.sasUrl": Treatment.URL,
        },
    ),
    declare(
        "web:ListSlotSettings",
        "Microsoft.Web/sites/config/read",
        "which settings stay with their slot when slots are swapped",
        "{id}/config/slotConfigNames",
        WEB,
        per_subject=True,
        depth=FULL,
        revised=True,
    ),
    _of_app(
        "GetSourceControl",
        "sourcecontrols/read",
        "the repository an app is deployed from",
        "sourcecontrols/web",
        depth=FULL,
        revised=True,
        redact={"properties.gitHubActionConfiguration.containerConfiguration.password": Treatment.DROP},
        absent_codes=_NOT_FOUND,
    ),
    _of_app(
        "ListSiteExtensions",
        "siteextensions/read",
        "extensions installed beside the code",
        "siteextensions",
        depth=FULL,
        pages="value",
        redact={"value[].properties.installer_command_line_params": Treatment.DROP},
    ),
    _of_app(
        "ListHybridConnections",
        "hybridConnectionRelays/read",
        "relays into other networks (never their keys)",
        "hybridConnectionRelays",
        depth=FULL,
        pages="value",
        answer=LIST_OR_ONE,
        redact={
            "value[].properties.sendKeyValue": Treatment.TEXT,
            "properties.sendKeyValue": Treatment.TEXT,
        },
    ),
    _of_app(
        "ListPrivateEndpoints",
        "privateEndpointConnections/read",
        "private endpoints of an app, which close its public address, where the list of apps does not say",
        "privateEndpointConnections",
        depth=STANDARD,
        pages="value",
    ),
    _of_app(
        "ListBackups",
        "backups/read",
        "an app's backups (never the way into them)",
        "backups",
        depth=FULL,
        pages="value",
        redact={
            "value[].properties.storageAccountUrl": Treatment.URL,
            "value[].properties.databases[].connectionString": Treatment.TEXT,
        },
    ),
    _settings(
        "ListMounts",
        "storage mounted into an app (its keys are judged and dropped)",
        "azurestorageaccounts",
        depth=FULL,
        revised=True,
        redact={"properties.*.accessKey": Treatment.TEXT},
    ),
    declare(
        "insights:GetMetrics",
        "Microsoft.Insights/metrics/read",
        "how often an app ran",
        "{id}/providers/Microsoft.Insights/metrics",
        "2023-10-01",
        per_subject=True,
        depth=FULL,
        answer=LIST,
        parameters={
            "metricnames": "FunctionExecutionCount,FunctionExecutionUnits,Requests,Http5xx",
            "interval": "P1D",
            "timespan": "{timespan}",
            "aggregation": "Total",
        },
    ),
)
