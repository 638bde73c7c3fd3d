"""Settings, what they lead to (storage, vaults, registries), and how code reaches an app."""

import pytest

from auditor.model.deployment import KeyStore, PackageKind, SourceKind, StorageAuthentication
from auditor.model.inventory import Inventory
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.secret import SecretVerdict
from auditor.model.trigger import TriggerAuthentication, TriggerKind
from tests.unit.providers.azure.normalize.capture import (
    ACCOUNT,
    ORDERS,
    SETTINGS,
    STAGING,
    THUMBS,
    VAULT,
    VAULT_TEXT,
    account_row,
    arm,
    config_row,
    gap,
    handler,
    ok,
    policies,
    reference,
    rows,
    settings,
    site_row,
    variable,
)
from tests.unit.providers.azure.normalize.reading import app, listed, one, orders, read

LIST = "web:ListApplicationSettings"
PERMISSION = "Microsoft.Web/sites/config/list/action"
IN_VAULT = variable("reference", reference=("key-vault", VAULT_TEXT))
KEYED = variable("secret", about={"account": "queuestate", "login": "key"})


def given(own=None, **more):
    body = {key: value for key, value in (own or settings()).items() if more.get(key, value) is not None}
    return ok(LIST, {"properties": body | {key: value for key, value in more.items() if value is not None}}, ORDERS)


def test_settings_and_connection_strings_are_the_environment() -> None:
    strings = {
        "properties": {"Catalog": variable("secret"), "Cache": variable()},
        "connectionTypes": {"Catalog": "SQLAzure", "Cache": "Custom"},
    }
    environment = orders(ok("web:ListConnectionStrings", strings, ORDERS)).environment.need()
    names = [variable.name for variable in environment.variables]
    assert names[-2:] == ["SQLAZURECONNSTR_Catalog", "CUSTOMCONNSTR_Cache"]
    assert [v.verdict for v in environment.variables if v.name in ("AzureWebJobsStorage", "PAYMENT_API")] == [
        SecretVerdict.SECRET,
        SecretVerdict.REFERENCE,
    ]


def test_settings_that_were_refused_name_the_permission() -> None:
    function = orders(gap(LIST, ORDERS, permission=PERMISSION))
    for fact in (
        function.environment,
        function.hosting.need().host_version,
        function.deployment.need().host_storage,
        function.deployment.need().package,
        function.storage.need().host,
        function.monitoring.need().insights,
    ):
        assert (fact.gap.reason, fact.gap.permission) == (GapReason.DENIED, PERMISSION)
    assert function.storage.need().references.need()[0].setting == "PAYMENT_API"
    assert function.identity.need().name == "orders"


def test_refused_connection_strings_leave_the_environment_unknown_and_settings_readable() -> None:
    refused = gap("web:ListConnectionStrings", ORDERS, permission=PERMISSION)
    function = orders(refused, given(AzureWebJobsStorage=None))
    assert function.environment.gap.operation == "web:ListConnectionStrings"
    assert function.hosting.need().host_version == Known("~4", LIST)


def test_a_credential_among_the_settings_is_proved_without_the_connection_strings() -> None:
    environment = orders(gap("web:ListConnectionStrings", ORDERS)).environment
    assert environment.source == LIST
    assert "AzureWebJobsStorage" in [variable.name for variable in environment.need().variables]


def test_host_and_worker_as_configured() -> None:
    hosting = orders(given(FUNCTIONS_EXTENSION_VERSION=None, FUNCTIONS_WORKER_RUNTIME=None)).hosting.need()
    assert (hosting.host_version, hosting.worker) == (Known(None, LIST), Known(None, LIST))
    odd = orders(given(FUNCTIONS_EXTENSION_VERSION=variable())).hosting.need()
    assert odd.host_version.gap.reason is GapReason.UNRECOGNISED
    flexible = app(read(gap(LIST, THUMBS)), THUMBS).hosting.need()
    assert (flexible.host_version, flexible.worker) == (Known("~4", "graph:Sites"), Known("python", "graph:Sites"))


def flagged(flags: str | None, version: str = "~4"):
    own = {"AzureWebJobsFeatureFlags": variable(value=flags)} if flags else {}
    return orders(given(own | {"FUNCTIONS_EXTENSION_VERSION": variable(value=version)})).hosting.need().proxies


def test_whether_the_host_was_told_to_serve_proxies() -> None:
    assert flagged(None) == Known(False, LIST)
    assert flagged("EnableWorkerIndexing") == Known(False, LIST)
    assert flagged("EnableWorkerIndexing, EnableProxies") == Known(True, LIST)
    assert flagged("EnableProxies", "~3") == Known(True, LIST)
    assert flagged(None, "~3").gap.reason is GapReason.NOT_AT_DEPTH
    assert flagged(None, "4.21.1") == Known(False, LIST)
    odd = orders(given({"AzureWebJobsFeatureFlags": variable()})).hosting.need()
    assert odd.proxies.gap.reason is GapReason.UNRECOGNISED
    assert orders(gap(LIST, ORDERS)).hosting.need().proxies.gap.reason is GapReason.DENIED


@pytest.mark.parametrize(
    ("own", "authentication"),
    [
        ({"AzureWebJobsStorage": SETTINGS["AzureWebJobsStorage"]}, StorageAuthentication.KEY),
        ({"AzureWebJobsStorage": IN_VAULT}, StorageAuthentication.REFERENCE),
        ({"AzureWebJobsStorage__accountName": variable(value="ordersstate")}, StorageAuthentication.IDENTITY),
        (
            {"AzureWebJobsStorage__blobServiceUri": variable(value="https://ordersstate.blob.core.windows.net")},
            StorageAuthentication.IDENTITY,
        ),
    ],
)
def test_how_the_host_signs_in_at_its_storage(own, authentication) -> None:
    assert orders(given(own)).deployment.need().host_storage == Known(authentication, LIST)


@pytest.mark.parametrize(
    "own",
    [
        {"AzureWebJobsStorage": SETTINGS["AzureWebJobsStorage"]},
        {"azurewebjobsstorage__accountname": variable(value="ordersstate")},
        {"AzureWebJobsStorage__blobServiceUri": variable(value="https://ordersstate.blob.core.windows.net/")},
    ],
)
def test_the_account_of_the_host(own) -> None:
    host = orders(given(own)).storage.need().host.need()
    assert host.id == ACCOUNT.lower()
    assert (host.open_network.need(), host.shared_key.need(), host.min_tls.need()) == (False, True, "1.2")
    assert (host.anonymous.need(), host.keys_created.need(), host.customer_key.need()) == (
        ("public",),
        "2026-09-01",
        False,
    )
    assert (host.soft_delete.need(), host.sas_policy.need(), host.private_endpoint.need()) == (True, True, False)


def test_an_account_without_settings_is_told_by_the_deployment_storage_of_flex() -> None:
    host = app(read(gap(LIST, THUMBS)), THUMBS).storage.need().host
    assert host.need().id == ACCOUNT.lower()
    assert host.source == "graph:Sites"


def test_accounts_that_were_never_configured_fall_to_the_older_side() -> None:
    row = account_row(
        allowSharedKeyAccess=None, minimumTlsVersion=None, allowCrossTenantReplication=None, networkAcls=None
    )
    host = orders(rows("graph:StorageAccounts", row)).storage.need().host.need()
    assert (host.shared_key.need(), host.min_tls.need(), host.open_network.need()) == (True, "1.0", True)
    assert isinstance(host.cross_tenant_copies, Unknown)
    closed = orders(rows("graph:StorageAccounts", account_row(allowBlobPublicAccess=False))).storage.need().host.need()
    assert closed.anonymous == Known((), "graph:StorageAccounts")


def test_an_account_that_is_not_listed_is_named_and_unknown() -> None:
    host = orders(rows("graph:StorageAccounts")).storage.need().host.need()
    assert (host.id, host.open_network.gap.reason) == ("ordersstate", GapReason.NOT_COLLECTED)
    asked = orders(rows("graph:StorageAccounts"), ok("storage:GetAccount", account_row(), ACCOUNT.lower()))
    assert asked.storage.need().host.need().shared_key == Known(True, "storage:GetAccount")


def test_references_to_vaults_are_told_with_their_health() -> None:
    broken = reference("DB", "SecretNotFound", details="no such secret", secretVersion="4f1e")
    found = orders(rows("web:GetKeyVaultReferences", reference("PAYMENT_API"), broken, subject=ORDERS)).storage.need()
    healthy, lost = found.references.need()
    assert (healthy.setting, healthy.store, healthy.version, healthy.resolved.need()) == (
        "PAYMENT_API",
        "kv-orders",
        None,
        True,
    )
    assert (lost.resolved.need(), lost.version, lost.problem) == (False, "4f1e", "no such secret")
    [vault] = found.vaults.need()
    assert (vault.id, vault.weaknesses.need()) == (VAULT.lower(), ("access policies instead of roles",))


def test_references_in_the_older_shape() -> None:
    body = {"properties": {"keyToReferenceStatuses": {"PAYMENT_API": reference("x", "Initialized")["properties"]}}}
    [found] = orders(ok("web:GetKeyVaultReferences", body, ORDERS)).storage.need().references.need()
    assert (found.setting, found.resolved.gap.reason) == ("PAYMENT_API", GapReason.NOT_COLLECTED)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, PackageKind.LOCAL),
        (variable(value="1"), PackageKind.LOCAL),
        (variable(about={"scheme": "https"}), PackageKind.PLAIN_URL),
        (variable("secret", about={"scheme": "https"}), PackageKind.SIGNED_URL),
    ],
)
def test_what_a_package_reference_is(value, kind) -> None:
    assert orders(given(WEBSITE_RUN_FROM_PACKAGE=value)).deployment.need().package == Known(kind, LIST)


def test_where_the_host_keeps_its_keys() -> None:
    assert orders().deployment.need().key_store.need() is KeyStore.VAULT
    assert orders(given(AzureWebJobsSecretStorageType=None)).deployment.need().key_store.need() is KeyStore.STORAGE
    odd = orders(given(AzureWebJobsSecretStorageType=variable())).deployment.need().key_store
    assert odd.gap.reason is GapReason.UNRECOGNISED


def test_content_share_and_deployment_storage() -> None:
    name = "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"
    assert orders().deployment.need().content_storage == Known(None, LIST)
    assert orders(given(**{name: KEYED})).deployment.need().content_storage == Known(StorageAuthentication.KEY, LIST)
    assert orders().deployment.need().deployment_storage.gap.reason is GapReason.NOT_OFFERED
    assert app(read(), THUMBS).deployment.need().deployment_storage == Known(
        StorageAuthentication.IDENTITY, "graph:Sites"
    )
    by_key = {
        "deployment": {
            "storage": {
                "value": "https://ordersstate.blob.core.windows.net/p",
                "authentication": {
                    "type": "StorageAccountConnectionString",
                    "storageAccountConnectionStringName": "DEPLOY",
                },
            }
        }
    }
    assert (
        one(sku="FlexConsumption", functionAppConfig=by_key).deployment.need().deployment_storage.need()
        is StorageAuthentication.KEY
    )
    in_vault = orders(*listed(site_row("orders", functionAppConfig=by_key)), given(DEPLOY=IN_VAULT))
    assert in_vault.deployment.need().deployment_storage == Known(StorageAuthentication.REFERENCE, LIST)


def test_publishing_passwords() -> None:
    publishing = orders(policies(ORDERS, scm=True)).deployment.need().publishing
    assert (publishing.management_password.need(), publishing.ftp_password.need()) == (True, False)
    one_only = rows("web:ListPublishingPolicies", {"name": "ftp", "properties": {}}, subject=ORDERS)
    partly = orders(one_only).deployment.need().publishing
    assert (partly.ftp_password.need(), partly.management_password.gap.reason) == (True, GapReason.MALFORMED)
    flexible = app(read(), THUMBS).deployment.need().publishing
    assert flexible.ftp_password.gap.reason is GapReason.NOT_OFFERED


def test_where_the_code_comes_from() -> None:
    assert orders().deployment.need().source.need().kind is SourceKind.UPLOAD
    body = {"properties": {"repoUrl": "https://someone@github.com/fernhollow/orders.git", "branch": "main"}}
    source = orders(ok("web:GetSourceControl", body, ORDERS)).deployment.need().source.need()
    assert (source.kind, source.location, source.branch) == (
        SourceKind.REPOSITORY,
        "github.com/fernhollow/orders.git",
        "main",
    )
    refused = orders(gap("web:GetSourceControl", ORDERS)).deployment.need().source
    assert refused.gap.reason is GapReason.DENIED


def test_settings_that_move_when_slots_are_swapped() -> None:
    assert orders().deployment.need().sticky == Known(("AzureWebJobsStorage",), "web:ListSlotSettings")
    assert orders().deployment.need().unsticky_secrets == Known((), "web:ListSlotSettings")
    moving = orders(given(API_KEY=variable("secret"))).deployment.need()
    assert moving.unsticky_secrets == Known(("API_KEY",), "web:ListSlotSettings")
    slot = app(read(), STAGING).deployment.need()
    assert slot.sticky == Known(("AzureWebJobsStorage",), "web:ListSlotSettings")
    assert app(read(), THUMBS).deployment.need().unsticky_secrets.gap.reason is GapReason.NOT_OFFERED


def test_mounts_with_a_key() -> None:
    mounts = {
        "models": {"type": "AzureFiles", "accessKey": variable("secret")},
        "shared": {"type": "AzureFiles", "accessKey": IN_VAULT},
        "open": {"type": "AzureBlob", "accessKey": None},
    }
    assert orders(ok("web:ListMounts", {"properties": mounts}, ORDERS)).deployment.need().mounts_with_key == Known(
        ("models",), "web:ListMounts"
    )


@pytest.mark.parametrize(
    ("image", "host", "name", "tag", "pinned"),
    [
        ("fernhollow.azurecr.io/team/orders:1.2", "fernhollow.azurecr.io", "team/orders", "1.2", False),
        ("fernhollow.azurecr.io/orders", "fernhollow.azurecr.io", "orders", None, False),
        ("library/nginx:latest", "docker.io", "library/nginx", "latest", False),
        ("localhost:5000/orders@sha256:" + "a" * 64, "localhost:5000", "orders", "sha256:" + "a" * 64, True),
    ],
)
def test_images_and_their_registries(image, host, name, tag, pinned) -> None:
    function = one({"linuxFxVersion": f"DOCKER|{image}"}, kind="functionapp,linux,container")
    registry = function.deployment.need().registry.need()
    assert (registry.host, registry.image, registry.tag) == (host, name, tag)
    assert function.deployment.need().build.pinned.need() is pinned
    assert function.runtime == Known(None, "graph:Sites")
    assert function.code.image.uri == Known(image, "graph:SiteConfigs")


def test_a_registry_of_ones_own_is_judged_and_a_foreign_one_is_not() -> None:
    own = one({"linuxFxVersion": "DOCKER|fernhollow.azurecr.io/orders:1"}, kind="functionapp,linux,container")
    registry = own.deployment.need().registry.need()
    assert (registry.admin_user.need(), registry.public.need(), registry.password.need()) == (False, False, False)
    foreign = one({"linuxFxVersion": "DOCKER|ghcr.io/x/y:1"}, kind="functionapp,linux,container")
    assert foreign.deployment.need().registry.need().public.gap.reason is GapReason.NOT_OFFERED
    config = config_row(
        ORDERS, linuxFxVersion="DOCKER|fernhollow.azurecr.io/orders:1", acrUseManagedIdentityCreds=False
    )
    row = site_row("orders") | {"kind": "functionapp,linux,container"}
    keyed = orders(
        *listed(row), rows("graph:SiteConfigs", config), given(DOCKER_REGISTRY_SERVER_PASSWORD=variable("secret"))
    )
    assert keyed.deployment.need().registry.need().password == Known(True, LIST)


def test_a_registry_is_told_by_the_address_it_serves() -> None:
    row = {
        "id": arm("Microsoft.ContainerRegistry/registries", "fernhollow").lower(),
        "properties": {"loginServer": "fernhollow-a1b2c3.azurecr.io", "adminUserEnabled": True},
    }
    site = site_row("orders") | {"kind": "functionapp,linux,container"}
    config = config_row(ORDERS, linuxFxVersion="DOCKER|fernhollow-a1b2c3.azurecr.io/orders:1")
    found = orders(*listed(site), rows("graph:SiteConfigs", config), rows("graph:Registries", row))
    assert found.deployment.need().registry.need().admin_user == Known(True, "graph:Registries")


def triggered(binding, *changes):
    function = orders(ok("web:ListFunctions", {"value": [handler("h", binding)]}, ORDERS), *changes)
    group, *_delivered = function.triggers
    return group.need()[0]


@pytest.mark.parametrize(
    ("binding", "kind", "service", "source"),
    [
        ({"type": "queueTrigger", "queueName": "in"}, TriggerKind.QUEUE, "storage", "in"),
        ({"type": "blobTrigger", "path": "in/{name}"}, TriggerKind.STORAGE, "storage", "in/{name}"),
        ({"type": "serviceBusTrigger", "queueName": "q"}, TriggerKind.QUEUE, "servicebus", "q"),
        (
            {"type": "serviceBusTrigger", "topicName": "t", "subscriptionName": "s"},
            TriggerKind.TOPIC,
            "servicebus",
            "t",
        ),
        ({"type": "eventHubTrigger", "eventHubName": "e"}, TriggerKind.STREAM, "eventhubs", "e"),
        ({"type": "cosmosDBTrigger", "containerName": "c"}, TriggerKind.DATABASE, "cosmosdb", "c"),
        ({"type": "TIMERTRIGGER", "schedule": "0 * * * * *"}, TriggerKind.SCHEDULE, "timer", None),
        ({"type": "eventGridTrigger"}, TriggerKind.EVENT_BUS, "eventgrid", None),
        ({"type": "httpTrigger", "authLevel": "function"}, TriggerKind.HTTP, "http", None),
        ({"type": "orchestrationTrigger"}, TriggerKind.WORKFLOW, "durable", None),
        ({"type": "teleporterTrigger"}, TriggerKind.OTHER, "teleporter", None),
    ],
)
def test_kinds_of_triggers(binding, kind, service, source) -> None:
    found = triggered({"direction": "in"} | binding)
    assert (found.kind, found.service, found.source, found.handler) == (kind, service, source, "h")


@pytest.mark.parametrize(
    ("own", "authentication"),
    [
        ({"Incoming": KEYED}, TriggerAuthentication.KEY),
        ({"AzureWebJobsIncoming": KEYED}, TriggerAuthentication.KEY),
        ({"Incoming": IN_VAULT}, TriggerAuthentication.REFERENCE),
        (
            {"incoming__fullyQualifiedNamespace": variable(value="orders.servicebus.windows.net")},
            TriggerAuthentication.IDENTITY,
        ),
    ],
)
def test_how_the_host_signs_in_at_a_source(own, authentication) -> None:
    binding = {"type": "serviceBusTrigger", "queueName": "q", "connection": "Incoming", "direction": "in"}
    assert triggered(binding, given(own)).authentication == Known(authentication, LIST)


def test_a_connection_that_is_not_among_the_settings() -> None:
    binding = {"type": "serviceBusTrigger", "queueName": "q", "connection": "Gone", "direction": "in"}
    assert triggered(binding).authentication.gap.reason is GapReason.NOT_FOUND


def test_who_may_write_to_a_queue_and_what_becomes_of_failures() -> None:
    binding = {"type": "queueTrigger", "queueName": "in", "direction": "in", "connection": "AzureWebJobsStorage"}
    assert triggered(binding).open_to == Known((), "graph:StorageAccounts")
    wide = account_row(networkAcls={"defaultAction": "Allow"})
    assert triggered(binding, rows("graph:StorageAccounts", wide)).open_to.need() == (
        "any client with an account key, from any network",
    )
    assert triggered(binding).dead_letter == Known(True, "web:ListFunctions")
    stream = triggered({"type": "eventHubTrigger", "eventHubName": "e", "direction": "in"})
    assert (stream.dead_letter.need(), stream.asynchronous) == (False, True)


@pytest.mark.parametrize(
    ("changes", "open_to"),
    [
        ({}, ("any client with a shared access key, from any network",)),
        ({"disableLocalAuth": True}, ()),
        ({"publicNetworkAccess": "Disabled"}, ()),
    ],
)
def test_who_may_write_to_a_bus_is_told_by_its_namespace(changes, open_to) -> None:
    binding = {"type": "serviceBusTrigger", "queueName": "q", "connection": "Bus", "direction": "in"}
    named = given({"Bus__fullyQualifiedNamespace": variable(value="orders.servicebus.windows.net")})
    properties = {"disableLocalAuth": False, "publicNetworkAccess": "Enabled"} | changes
    namespace = {"id": arm("Microsoft.ServiceBus/namespaces", "orders").lower(), "properties": properties}
    assert triggered(binding, named, rows("graph:Namespaces", namespace)).open_to == Known(open_to, "graph:Namespaces")
    unread = triggered(binding, named).open_to
    assert isinstance(unread, Unknown)
    assert unread.gap.operation == "graph:Namespaces"


def test_broad_paths_and_endless_retries() -> None:
    broad = triggered({"type": "blobTrigger", "path": "uploads/{name}", "direction": "in"})
    narrow = triggered({"type": "blobTrigger", "path": "uploads/invoices/{name}.pdf", "direction": "in"})
    assert (broad.broad, narrow.broad, narrow.filters) == (("uploads/{name}",), (), ("uploads/invoices/{name}.pdf",))
    again = {
        "value": [
            handler("h", {"type": "queueTrigger", "queueName": "in", "direction": "in"}, retry={"maxRetryCount": -1})
        ]
    }
    [group] = orders(ok("web:ListFunctions", again, ORDERS)).triggers
    assert group.need()[0].retry == Known(True, "web:ListFunctions")


def test_an_output_that_leads_back_to_the_source() -> None:
    bindings = [
        {"type": "queueTrigger", "queueName": "in", "direction": "in"},
        {"type": "queue", "queueName": "in", "direction": "out"},
    ]
    [group] = orders(ok("web:ListFunctions", {"value": [handler("loop", *bindings)]}, ORDERS)).triggers
    assert group.need()[0].writes_back == Known(True, "web:ListFunctions")


@pytest.mark.parametrize(
    ("source", "target", "again"),
    [
        ("uploads/{name}", "uploads/{name}", True),
        ("uploads/{name}", "uploads/small/{name}", True),
        ("uploads/{name}", "thumbnails/{name}", False),
        ("uploads/{name}.jpg", "uploads/{name}.webp", False),
        ("uploads/{name}.jpg", "uploads/small/{name}.jpg", True),
        ("uploads", "uploads", True),
        ("{container}/{name}", "uploads/{name}", False),
    ],
)
def test_a_blob_that_is_written_where_the_trigger_looks(source, target, again) -> None:
    bindings = [
        {"type": "blobTrigger", "path": source, "direction": "in", "connection": "Media"},
        {"type": "blob", "path": target, "direction": "out", "connection": "Media"},
    ]
    [group] = orders(ok("web:ListFunctions", {"value": [handler("resize", *bindings)]}, ORDERS)).triggers
    fact = group.need()[0].writes_back
    assert fact == Known(True, "web:ListFunctions") if again else fact.gap.reason is GapReason.NOT_OFFERED


def test_sources_of_one_name_are_told_apart_by_whose_they_are() -> None:
    connections = settings(
        Till=variable("secret", about={"namespace": "fern-till.servicebus.windows.net", "login": "key"}),
        Media__blobServiceUri=variable(value="https://fernmedia.blob.core.windows.net/"),
        Stock__accountEndpoint=variable(value="https://fern-stock.documents.azure.com:443/"),
    )
    bindings = [
        {"type": "queueTrigger", "queueName": "in", "direction": "in"},
        {"type": "queue", "queueName": "in", "direction": "out", "connection": "Elsewhere"},
        {"type": "serviceBus", "queueName": "in", "direction": "out", "connection": "Till"},
        {"type": "blob", "path": "in/{name}", "direction": "out", "connection": "Media"},
        {"type": "cosmosDB", "databaseName": "d", "containerName": "in", "direction": "out", "connection": "Stock"},
        {"type": "http", "direction": "out"},
    ]
    told = ok("web:ListFunctions", {"value": [handler("spread", *bindings)]}, ORDERS)
    found = orders(told, ok(LIST, {"properties": connections}, ORDERS))
    assert [binding.resource for binding in found.handlers.need()[0].bindings] == [
        "queue:ordersstate/in",
        None,
        "servicebus:fern-till/in",
        "blob:fernmedia/in",
        "cosmosdb:fern-stock/d/in",
        None,
    ]
    [trigger] = found.triggers[0].need()
    assert trigger.resource == "queue:ordersstate/in"
    assert trigger.writes_back.gap.reason is GapReason.NOT_OFFERED


def test_apps_with_the_same_host_id_and_storage() -> None:
    same = settings(AzureFunctionsWebHost__hostid=variable(digest="same"))
    inventory = read(ok(LIST, {"properties": same}, ORDERS), ok(LIST, {"properties": same}, THUMBS))
    assert app(inventory).hosting.need().shares_host_id == Known(("thumbs",), LIST)
    assert app(inventory, THUMBS).hosting.need().shares_host_id == Known(("orders",), LIST)
    assert app(read()).hosting.need().shares_host_id == Known((), LIST)


def test_names_that_are_the_same_once_shortened() -> None:
    first, second = ("fernhollow-warehouse-stock-counter-" + end for end in ("north", "south"))
    rows_of = [site_row(first), site_row(second)]
    ids = [row["id"] for row in rows_of]
    answers = [ok(LIST, {"properties": SETTINGS}, each) for each in ids]
    inventory = read(*listed(*rows_of), *answers)
    assert app(inventory, ids[0]).hosting.need().shares_host_id == Known((second,), LIST)
    unread = read(*listed(*rows_of), answers[0], gap(LIST, ids[1]))
    assert isinstance(app(unread, ids[0]).hosting.need().shares_host_id, Unknown)


def shares(inventory: Inventory, identifier: str = ORDERS) -> object:
    return app(inventory, identifier).hosting.need().shares_host_id


def test_an_app_whose_settings_are_unknown_may_share_any_host_id() -> None:
    unread = read(gap(LIST, THUMBS))
    fact = shares(unread)
    assert isinstance(fact, Unknown)
    assert (fact.gap.reason, fact.gap.resource) == (GapReason.DENIED, THUMBS)
    gone = read(gap(LIST, THUMBS, reason=GapReason.NOT_FOUND))
    assert shares(gone) == Known((), LIST)


def test_apps_that_were_not_listed_may_share_any_host_id() -> None:
    fact = shares(read(gap("graph:ContainerApps")))
    assert isinstance(fact, Unknown)
    assert fact.gap.operation == "graph:ContainerApps"


def test_a_host_id_in_plain_text_is_compared_with_the_ids_of_names() -> None:
    def pair(**own: dict[str, object]) -> Inventory:
        return read(ok(LIST, {"properties": settings(**own)}, ORDERS), ok(LIST, {"properties": SETTINGS}, THUMBS))

    other, same = variable(value="orders-of-the-north", length=19), variable(value="thumbs", length=6)
    assert shares(pair(AzureFunctionsWebHost__hostid=other)) == Known((), LIST)
    assert shares(pair(AzureFunctionsWebHost__hostid=same)) == Known(("thumbs",), LIST)
    assert shares(pair(AzureFunctionsWebHost__hostid=same), THUMBS) == Known(("orders",), LIST)


def test_a_host_id_of_which_only_the_digest_is_known() -> None:
    def pair(length: int) -> Inventory:
        own = settings(AzureFunctionsWebHost__hostid=variable(digest="d9", length=length))
        return read(ok(LIST, {"properties": own}, ORDERS), ok(LIST, {"properties": SETTINGS}, THUMBS))

    assert shares(pair(length=19)) == Known((), LIST)  # "thumbs" has six letters
    for identifier, name in ((ORDERS, "thumbs"), (THUMBS, "orders")):
        fact = shares(pair(length=6), identifier)
        assert isinstance(fact, Unknown)
        assert f"whether {name} has the same host id" in fact.gap.message


def test_a_storage_account_behind_a_reference_may_be_the_same() -> None:
    own_id = variable(digest="same", value="shared-id", length=9)
    stored = variable("reference", reference=("key-vault", VAULT_TEXT), digest="d8")
    plain = settings(AzureFunctionsWebHost__hostid=own_id)
    referring = settings(AzureFunctionsWebHost__hostid=own_id, AzureWebJobsStorage=stored)
    inventory = read(ok(LIST, {"properties": plain}, ORDERS), ok(LIST, {"properties": referring}, THUMBS))
    assert isinstance(shares(inventory), Unknown)
    assert isinstance(shares(inventory, THUMBS), Unknown)
    both = read(ok(LIST, {"properties": referring}, ORDERS), ok(LIST, {"properties": referring}, THUMBS))
    assert shares(both) == Known(("thumbs",), LIST)
    apart = settings(AzureWebJobsStorage=stored)  # the same account, it may be, but ids of their own
    assert shares(read(ok(LIST, {"properties": apart}, THUMBS))) == Known((), LIST)
