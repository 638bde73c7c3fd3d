"""Builds Azure subjects for the tests of checks: a sound app, in which every fact is known, with overrides.

``make_azure(name, **overrides)`` replaces whole fields of the function; build groups with :func:`hosting`,
:func:`transport`, :func:`ingress`, :func:`authentication`, :func:`deployment`, :func:`storage`, :func:`monitoring` and
:func:`limits`, each of which takes overrides of its own. Pass :data:`AROUND` (or :func:`around`) as the context.
"""

from dataclasses import replace
from typing import Any

from auditor.config import CheckSettings
from auditor.model.asynchronous import FailureHandling
from auditor.model.authentication import Authentication
from auditor.model.code import Code, Package, Patching
from auditor.model.deployment import (
    Build,
    Deployment,
    KeyStore,
    PackageKind,
    Publishing,
    Registry,
    Revisions,
    Source,
    SourceKind,
    StorageAuthentication,
)
from auditor.model.environment import Environment
from auditor.model.exposure import AuthMode, Cors, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.guardrails import Caller, Guardrails
from auditor.model.handler import Binding, Direction, Handler, HandlerAuth, HttpEntry
from auditor.model.hosting import ContainerHost, Hosting, HostingKind, Plan, ServiceState
from auditor.model.identity import AssignmentLevel, Identity, IdentityKind, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.ingress import AccessRule, AccessRules, Egress, FrontEnd, Ingress, IngressScope
from auditor.model.inventory import Location, Scope
from auditor.model.lifecycle import Support
from auditor.model.limits import Limits
from auditor.model.observed import Known, not_offered
from auditor.model.role_holders import CustomRole
from auditor.model.storage import HostStorage, SecretReference, Storage, Vault
from auditor.model.tags import Tags
from auditor.model.transport import ClientCertificates, FileTransfer, Hostname, Transport
from auditor.model.trigger import Trigger, TriggerAuthentication, TriggerKind, TriggerVia
from auditor.model.usage import DiagnosticSetting, Insights, Monitoring, Usage
from tests.unit.checks.build import CLEAN, Surroundings, variable

SUBSCRIPTION = "0a1b2c3d-1111-4222-8333-444455556666"
GROUP = "orders-prod"
LOCATION = "westeurope"
SCOPE = f"azure/{SUBSCRIPTION}"
LOCATION_ID = f"{SCOPE}/{LOCATION}"
SITES = "graph:Sites"
CONFIG = "graph:SiteConfigs"
FUNCTIONS = "web:ListFunctions"
SETTINGS = "web:ListApplicationSettings"
ASSIGNMENTS = "graph:RoleAssignments"
ACCOUNTS = "graph:StorageAccounts"
AWS_ONLY = not_offered("", "Azure has no such setting")


def arm(provider: str, name: str, group: str = GROUP, subscription: str = SUBSCRIPTION) -> str:
    """An ARM id of the test subscription, in lower case: ``arm("microsoft.web/sites", "orders")``."""
    return f"/subscriptions/{subscription}/resourcegroups/{group}/providers/{provider}/{name}".lower()


def site_id(name: str, slot: str | None = None) -> str:
    """The id of an app, or of one of its slots."""
    return arm("microsoft.web/sites", name) + (f"/slots/{slot}" if slot else "")


# Identity


def binding(
    role: str = "Storage Blob Data Contributor",
    power: RolePower = RolePower.PLAIN,
    level: AssignmentLevel = AssignmentLevel.RESOURCE,
    **changes: Any,
) -> RoleAssignment:
    """A role on one resource of the own subscription."""
    scopes = {
        AssignmentLevel.ORGANISATION: "/providers/microsoft.management/managementgroups/fernhollow",
        AssignmentLevel.ACCOUNT: f"/subscriptions/{SUBSCRIPTION}",
        AssignmentLevel.GROUP: f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{GROUP}",
        AssignmentLevel.RESOURCE: arm("microsoft.storage/storageaccounts", "ordersstate"),
    }
    sound = RoleAssignment(
        id=f"{scopes[level]}/providers/microsoft.authorization/roleassignments/{role.replace(' ', '-').lower()}",
        role=role,
        role_id="/providers/microsoft.authorization/roledefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        custom=False,
        power=power,
        scope=scopes[level],
        level=level,
        account=SUBSCRIPTION,
        foreign=False,
        through=None,
        condition=None,
    )
    return replace(sound, **changes)


def identity(*bindings: RoleAssignment, name: str = "orders", **changes: Any) -> Identity:
    """The app's own managed identity with the roles given (one on its storage account by default)."""
    sound = Identity(
        id=f"{site_id(name)}#system",
        name=name,
        kind=IdentityKind.MANAGED_IDENTITY,
        account=SUBSCRIPTION,
        exists=Known(True, SITES),
        policies=AWS_ONLY,
        boundary=AWS_ONLY,
        trust=(AWS_ONLY,),
        statements=(),
        role_assignments=(Known(bindings or (binding(),), ASSIGNMENTS),),
        enabled=Known(True, SITES),
        federated=(Known((), SITES),),
    )
    return replace(sound, **changes)


def attached(*bindings: RoleAssignment, name: str = "id-orders", **changes: Any) -> Identity:
    """A user-assigned identity."""
    made = identity(*bindings, name=name, id=arm("microsoft.managedidentity/userassignedidentities", name))
    return replace(made, **changes)


# Hosting


def plan(**changes: Any) -> Plan:
    """A zone-redundant Premium plan of three workers."""
    listed = "graph:Plans"
    sound = Plan(
        id=arm("microsoft.web/serverfarms", "plan-orders"),
        name="plan-orders",
        tier="ElasticPremium",
        sku="EP1",
        capacity=Known(3, listed),
        zone_redundant=Known(True, listed),
        functions=Known(2, listed),
    )
    return replace(sound, **changes)


def container_host(**changes: Any) -> ContainerHost:
    """A container app with internal ingress in an internal environment."""
    listed = "graph:ContainerApps"
    sound = ContainerHost(
        id=arm("microsoft.app/containerapps", "orders"),
        external=Known(False, listed),
        allow_insecure=Known(False, listed),
        restricted=Known(True, listed),
        public_environment=Known(False, "graph:ManagedEnvironments"),
        environment=Known(arm("microsoft.app/managedenvironments", "orders"), listed),
        plain_secrets=Known((), listed),
        authentication=Known(True, "app:GetAuthConfig"),
    )
    return replace(sound, **changes)


def hosting(kind: HostingKind = HostingKind.PREMIUM, **changes: Any) -> Hosting:
    """A production app on a Linux Premium plan."""
    sound = Hosting(
        kind=kind,
        system="linux",
        container=False,
        slot=None,
        parent=None,
        slots=Known((), SITES),
        plan=Known(plan(), "graph:Plans"),
        state=Known(ServiceState.ACTIVE, SITES),
        host_version=Known("~4", SETTINGS),
        worker=Known("python", SETTINGS),
        in_process=Known(False, SETTINGS),
        framework=Known(None, CONFIG),
        always_on=Known(True, CONFIG),
        session_affinity=Known(False, SITES),
        health_probe=Known("/api/health", CONFIG),
        self_healing=Known(True, CONFIG),
        worker_32bit=Known(False, CONFIG),
        web_sockets=Known(False, CONFIG),
        interactive_shell=Known(False, SITES),
        remote_debugging=Known(False, CONFIG),
        startup_command=Known("", CONFIG),
        bundled_database=Known(False, CONFIG),
        shares_host_id=Known((), SETTINGS),
        first_sandbox=AWS_ONLY,
        cpu_always=AWS_ONLY,
        upgrade=AWS_ONLY,
        extensions=Known((), "web:ListSiteExtensions"),
        proxies=Known(False, FUNCTIONS),
        locked=Known(True, "authorization:ListLocks"),
        backup=Known(True, "web:ListBackups"),
        hybrid=Known((), "web:ListHybridConnections"),
        unique_hostname=Known(True, SITES),
        audiences=AWS_ONLY,
        container_host=Known(None, SITES),
    )
    return replace(sound, **changes)


# Transport, ingress, login


def hostname(name: str = "orders-a1b2c3d4.westeurope-01.azurewebsites.net", **changes: Any) -> Hostname:
    """The cloud's own host name."""
    sound = Hostname(name=name, default=True, tls=True, certificate_expires=Known(None, SITES))
    return replace(sound, **changes)


def transport(**changes: Any) -> Transport:
    """HTTPS only, TLS 1.2, no FTP, client certificates required."""
    sound = Transport(
        https_only=Known(True, SITES),
        min_tls=Known("1.2", CONFIG),
        management_min_tls=Known("1.2", CONFIG),
        cipher_suite=Known("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", CONFIG),
        end_to_end=Known(True, SITES),
        http2=Known(True, CONFIG),
        file_transfer=Known(FileTransfer.DISABLED, CONFIG),
        client_certificates=Known(ClientCertificates.REQUIRED, SITES),
        certificate_exclusions=Known((), SITES),
        hostnames=Known((hostname(),), SITES),
    )
    return replace(sound, **changes)


def rule(source: str = "203.0.113.0/24", **changes: Any) -> AccessRule:
    """A rule that admits one network."""
    sound = AccessRule(name="office", allow=True, source=source, any_source=False, service_tag=False, headers=())
    return replace(sound, **changes)


ANYONE = rule("Any", name="Allow all", any_source=True)


def rules(*listed: AccessRule, default_allow: bool = False) -> AccessRules:
    """An access-restriction list that denies what it does not name."""
    return AccessRules(rules=listed, default_allow=default_allow)


EVERYONE = rules(default_allow=True)


def egress(**changes: Any) -> Egress:
    """All traffic through a guarded subnet."""
    network = arm("microsoft.network/virtualnetworks", "vnet-orders")
    sound = Egress(
        network=Known(f"{network}/subnets/functions", SITES),
        default_network=Known(False, SITES),
        all_traffic=Known(True, SITES),
        platform_traffic=Known(True, SITES),
        firewall=Known(True, "graph:VirtualNetworks"),
        connector_state=Known(None, SITES),
    )
    return replace(sound, **changes)


def front_end(**changes: Any) -> FrontEnd:
    """A front door with a firewall, whose id the app insists on."""
    listed = "graph:FrontEnds"
    sound = FrontEnd(
        id=arm("microsoft.cdn/profiles", "fd-orders"),
        kind="front-door",
        firewall=Known(True, listed),
        exclusive=Known(True, CONFIG),
        asks_identity=not_offered(listed, "a front door does not sign callers in"),
    )
    return replace(sound, **changes)


def ingress(**changes: Any) -> Ingress:
    """Public access off, a private endpoint, the management site closed too."""
    sound = Ingress(
        scope=Known(IngressScope.INTERNAL, SITES),
        public_network=Known(False, SITES),
        rules=Known(rules(), CONFIG),
        management_rules=Known(rules(), CONFIG),
        private_endpoints=Known((arm("microsoft.network/privateendpoints", "pe-orders"),), SITES),
        default_address=AWS_ONLY,
        recorded=AWS_ONLY,
        front_ends=Known((), "graph:FrontEnds"),
        perimeter=AWS_ONLY,
        egress=egress(),
    )
    return replace(sound, **changes)


def public(**changes: Any) -> Ingress:
    """An ingress that lets the whole internet knock."""
    opened: dict[str, Any] = {
        "scope": Known(IngressScope.ALL, CONFIG),
        "public_network": Known(True, SITES),
        "rules": Known(EVERYONE, CONFIG),
        "management_rules": Known(EVERYONE, CONFIG),
        "private_endpoints": Known((), SITES),
    }
    return ingress(**(opened | changes))


def authentication(**changes: Any) -> Authentication:
    """Everyone must sign in, with tokens of one tenant for this app."""
    read = "web:GetAuthSettings"
    sound = Authentication(
        enabled=Known(True, read),
        required=Known(True, read),
        excluded_paths=Known((), read),
        any_tenant=Known(False, read),
        audience_restricted=Known(True, read),
        redirects=Known((), read),
        legacy=Known(False, read),
        requires_https=Known(True, read),
    )
    return replace(sound, **changes)


LOGIN_OFF = authentication(enabled=Known(False, "web:GetAuthSettings"), required=Known(False, "web:GetAuthSettings"))


# Handlers and triggers


def binds(kind: str, direction: Direction = Direction.TRIGGER, **changes: Any) -> Binding:
    """One binding of a handler."""
    return replace(Binding(type=kind, direction=direction, connection=None, target=None), **changes)


def http(
    name: str = "create_order",
    auth: HandlerAuth = HandlerAuth.KEY,
    methods: tuple[str, ...] = ("post",),
    route: str | None = "orders",
    **changes: Any,
) -> Handler:
    """An HTTP handler that asks for a key."""
    trigger = binds("httptrigger")
    sound = Handler(
        name=name,
        language="python",
        enabled=True,
        trigger=trigger,
        bindings=(trigger, binds("http", Direction.OUT)),
        http=HttpEntry(
            auth=auth, methods=methods, route=route, url=f"https://{hostname().name}/api/{route or name}".lower()
        ),
        run_on_startup=False,
        since=Known(None, FUNCTIONS),
    )
    return replace(sound, **changes)


def handler(name: str, started_by: str, target: str | None = None, **changes: Any) -> Handler:
    """A handler that is not started over HTTP: ``handler("nightly", "timertrigger")``."""
    trigger = binds(started_by, connection="AzureWebJobsStorage", target=target)
    sound = Handler(
        name=name,
        language="python",
        enabled=True,
        trigger=trigger,
        bindings=(trigger,),
        http=None,
        run_on_startup=False,
        since=Known(None, FUNCTIONS),
    )
    return replace(sound, **changes)


def trigger(kind: TriggerKind = TriggerKind.QUEUE, **changes: Any) -> Trigger:
    """A queue of the own storage account, read with the app's identity; nobody else may write to it."""
    sound = Trigger(
        kind=kind,
        service="storage",
        source="orders-in",
        account=SUBSCRIPTION,
        via=TriggerVia.BINDING,
        enabled=True,
        asynchronous=False,
        qualifier=None,
        handler="take_order",
        authentication=Known(TriggerAuthentication.IDENTITY, SETTINGS),
        open_to=Known((), ACCOUNTS),
        retry=Known(False, FUNCTIONS),
        dead_letter=Known(True, FUNCTIONS),
        writes_back=Known(False, ASSIGNMENTS),
        can_invoke=Known(True, FUNCTIONS),
    )
    return replace(sound, **changes)


def cors(*origins: str, credentials: bool = False) -> Cors:
    """Cross-origin rules of an app: Azure lists origins and nothing else."""
    return Cors(origins=origins, methods=(), headers=(), credentials=credentials)


def endpoint(auth: AuthMode = AuthMode.IDENTITY_PROVIDER, rules: Cors | None = None, **changes: Any) -> Endpoint:
    """The app's address, reached from its own network only."""
    sound = Endpoint(
        url=f"https://{hostname().name}",
        qualifier=None,
        auth=auth,
        cors=rules,
        reach=Known(Reach.SCOPED, CONFIG),
        reach_reason="public access is off",
        source=SITES,
    )
    return replace(sound, **changes)


# Deployment, storage, monitoring, limits


def registry(**changes: Any) -> Registry:
    """A private registry of the own subscription, pulled with the identity."""
    sound = Registry(
        host="fernhollow.azurecr.io",
        image="orders",
        tag="2026-11-01",
        password=Known(False, SETTINGS),
        admin_user=Known(False, "graph:Registries"),
        public=Known(False, "graph:Registries"),
    )
    return replace(sound, **changes)


def deployment(**changes: Any) -> Deployment:
    """No publishing passwords, a local package, keys in a vault, identities instead of storage keys."""
    published = "web:ListPublishingPolicies"
    sound = Deployment(
        publishing=Publishing(management_password=Known(False, published), ftp_password=Known(False, published)),
        source=Known(Source(kind=SourceKind.UPLOAD, location="", branch=None), "web:GetSourceControl"),
        package=Known(PackageKind.LOCAL, SETTINGS),
        key_store=Known(KeyStore.VAULT, SETTINGS),
        host_storage=Known(StorageAuthentication.IDENTITY, SETTINGS),
        content_storage=Known(None, SETTINGS),
        deployment_storage=not_offered(SITES, "only Flex Consumption names its deployment storage"),
        storage_required=Known(True, SITES),
        mounts_with_key=Known((), "web:ListMounts"),
        sticky=Known((), "web:ListSlotSettings"),
        unsticky_secrets=Known((), "web:ListSlotSettings"),
        registry=Known(None, CONFIG),
        build=Build(
            identity=AWS_ONLY,
            pool=AWS_ONLY,
            environment=AWS_ONLY,
            own_repository=AWS_ONLY,
            legacy_registry=AWS_ONLY,
            image=Known(None, CONFIG),
            pinned=AWS_ONLY,
            automatic_updates=AWS_ONLY,
            deployed_at=Known("2026-11-01T08:00:00Z", SITES),
            source_buckets=AWS_ONLY,
            image_access=AWS_ONLY,
        ),
        revisions=Revisions(receiving=AWS_ONLY, secrets=AWS_ONLY),
        drift=AWS_ONLY,
        detached=AWS_ONLY,
        unlisted=AWS_ONLY,
        binary_authorization=AWS_ONLY,
        break_glass=AWS_ONLY,
    )
    return replace(sound, **changes)


def host_storage(**changes: Any) -> HostStorage:
    """A closed account without shared keys."""
    sound = HostStorage(
        id=arm("microsoft.storage/storageaccounts", "ordersstate"),
        open_network=Known(False, ACCOUNTS),
        private_endpoint=Known(True, ACCOUNTS),
        shared_key=Known(False, ACCOUNTS),
        anonymous=Known((), "storage:ListContainers"),
        min_tls=Known("1.2", ACCOUNTS),
        https_only=Known(True, ACCOUNTS),
        keys_created=Known("2026-10-01", ACCOUNTS),
        customer_key=Known(True, ACCOUNTS),
        soft_delete=Known(True, "storage:GetBlobServices"),
        cross_tenant_copies=Known(False, ACCOUNTS),
        sas_policy=Known(True, ACCOUNTS),
    )
    return replace(sound, **changes)


def secret_reference(setting: str = "PAYMENT_API", **changes: Any) -> SecretReference:
    """A setting that the platform resolves from a vault."""
    sound = SecretReference(
        setting=setting,
        store="kv-orders",
        version=None,
        resolved=Known(True, "web:GetKeyVaultReferences"),
        problem="",
        rotates=not_offered("web:GetKeyVaultReferences", "Azure does not tell here whether a secret rotates"),
    )
    return replace(sound, **changes)


def vault(**changes: Any) -> Vault:
    """A vault without weaknesses."""
    sound = Vault(id=arm("microsoft.keyvault/vaults", "kv-orders"), weaknesses=Known((), "graph:Vaults"))
    return replace(sound, **changes)


def storage(**changes: Any) -> Storage:
    """A closed storage account, one vault and one healthy reference."""
    sound = Storage(
        host=Known(host_storage(), SETTINGS),
        references=Known((secret_reference(),), "web:GetKeyVaultReferences"),
        vaults=Known((vault(),), "graph:Vaults"),
        reference_identity=Known(None, SITES),
        customer_key=AWS_ONLY,
    )
    return replace(sound, **changes)


def usage(**changes: Any) -> Usage:
    """A steady hundred executions a day, none failed."""
    read = "insights:GetMetrics"
    sound = Usage(
        executions_30_days=Known(3000, read),
        executions_90_days=Known(9000, read),
        failed=Known(0.0, read),
        recent_per_day=Known(100.0, read),
        executions_before=Known(100.0, read),
        days=90,
        executions=Known(9000, read),
        idle_days=Known(0, read),
        peak_memory=AWS_ONLY,
    )
    return replace(sound, **changes)


def diagnostic(**changes: Any) -> DiagnosticSetting:
    """Function logs to a workspace that keeps them a year."""
    sound = DiagnosticSetting(
        name="to-workspace",
        categories=("FunctionAppLogs", "AppServiceAuthenticationLogs", "AppServiceAuditLogs"),
        target=arm("microsoft.operationalinsights/workspaces", "logs"),
        retention_days=Known(365, "graph:Workspaces"),
    )
    return replace(sound, **changes)


def monitoring(**changes: Any) -> Monitoring:
    """Connected to Application Insights without local authentication, logs kept a year."""
    insights = Insights(
        id=arm("microsoft.insights/components", "orders"),
        local_auth=Known(False, "graph:Components"),
        public=Known(False, "graph:Components"),
    )
    sound = Monitoring(
        insights=Known(insights, SETTINGS),
        insights_key_only=Known(False, SETTINGS),
        insights_linked=Known(True, SITES),
        diagnostics=Known((diagnostic(),), "insights:ListDiagnosticSettings"),
        http_logs=Known(True, "web:GetLogsConfiguration"),
        detailed_errors=Known(False, "web:GetLogsConfiguration"),
        usage=Known(usage(), "insights:GetMetrics"),
        threat_detection=Known(True, "security:ListPricings"),
    )
    return replace(sound, **changes)


def limits(**changes: Any) -> Limits:
    """Bounded scale-out and a modest time-out."""
    sound = Limits(
        timeout_seconds=Known(30, SETTINGS),
        memory_mb=Known(3584, "graph:Plans"),
        ephemeral_mb=AWS_ONLY,
        reserved_concurrency=AWS_ONLY,
        recursion_allowed=AWS_ONLY,
        max_instances=Known(10, CONFIG),
        min_instances=Known(1, CONFIG),
        prewarmed=Known(1, CONFIG),
        per_instance=Known(50, SETTINGS),
        daily_quota=Known(5000, SITES),
        cpus=AWS_ONLY,
        gpus=AWS_ONLY,
    )
    return replace(sound, **changes)


def code(**changes: Any) -> Code:
    """A package that the platform patches under."""
    sound = Code(
        package=Package.ARCHIVE,
        sha256=AWS_ONLY,
        layers=AWS_ONLY,
        signing=AWS_ONLY,
        artifact_signed=AWS_ONLY,
        image=None,
        patching=Known(Patching.AUTOMATIC, SITES),
        snapstart=AWS_ONLY,
        source_key=AWS_ONLY,
        scan=AWS_ONLY,
        analysis=Known(CLEAN, "import"),
    )
    return replace(sound, **changes)


# Subjects


def make_azure(name: str = "orders", slot: str | None = None, **changes: Any) -> Function:
    """A sound app (or slot): nothing any check objects to, every fact known."""
    level = variable("LOG_LEVEL", value="INFO")
    sound = Function(
        id=site_id(name, slot),
        name=f"{name}/{slot}" if slot else name,
        cloud=Cloud.AZURE,
        scope=SCOPE,
        location=LOCATION,
        source=SITES,
        tags=Known(Tags({"owner": "payments", "data-classification": "internal"}), SITES),
        runtime=Known("python|3.13", CONFIG),
        architectures=AWS_ONLY,
        identity=Known(identity(name=name), SITES),
        policies=AWS_ONLY,
        endpoints=Known((endpoint(),), SITES),
        triggers=(Known((trigger(),), FUNCTIONS),),
        aliases=AWS_ONLY,
        environment=Known(Environment(variables=(level,), stored=(), source=SETTINGS), SETTINGS),
        environment_key=AWS_ONLY,
        network=AWS_ONLY,
        code=code(),
        limits=limits(),
        failures=FailureHandling(dead_letter=AWS_ONLY, settings=AWS_ONLY),
        logging=AWS_ONLY,
        tracing=AWS_ONLY,
        mounts=AWS_ONLY,
        attached=Known((), SITES),
        support=Known(Support(deprecated_on="2029-10-31", decommissioned_on="2029-10-31"), "web:ListFunctionAppStacks"),
        hosting=Known(hosting(**_slot_of(name, slot)), SITES),
        handlers=Known((http(), handler("take_order", "queuetrigger", "orders-in")), FUNCTIONS),
        transport=Known(transport(), SITES),
        ingress=Known(ingress(), SITES),
        authentication=Known(authentication(), "web:GetAuthSettings"),
        deployment=Known(deployment(), SITES),
        storage=Known(storage(), SETTINGS),
        monitoring=Known(monitoring(), SITES),
        callers=Known((), "eventgrid:ListSubscriptions"),
    )
    return replace(sound, **changes)


def _slot_of(name: str, slot: str | None) -> dict[str, Any]:
    return {"slot": slot, "parent": site_id(name), "slots": Known((), SITES)} if slot else {}


def caller(**changes: Any) -> Caller:
    """An event subscription that delivers to the app with an identity of its own."""
    sound = Caller(
        id=arm("microsoft.eventgrid/eventsubscriptions", "orders-created"),
        kind="event-subscription",
        target=f"{hostname().name}/runtime/webhooks/eventgrid",
        function=site_id("orders"),
        identified=True,
        key_in_url=False,
    )
    return replace(sound, **changes)


def guardrails(**changes: Any) -> Guardrails:
    """Every protection plan on, changes watched, nothing left lying about."""
    priced = "security:ListPricings"
    watched = (
        "microsoft.web/sites/write",
        "microsoft.web/sites/config/write",
        "microsoft.web/sites/delete",
        "microsoft.authorization/roleassignments/write",
    )
    sound = Guardrails(
        detection_plans=Known((("AppServices", True), ("CloudPosture", True), ("StorageAccounts", True)), priced),
        serverless_posture=Known(True, priced),
        alerts=Known(watched, "graph:Alerts"),
        audit_logs=AWS_ONLY,
        sinks=AWS_ONLY,
        log_exclusions=AWS_ONLY,
        log_retention_days=AWS_ONLY,
        asset_inventory=AWS_ONLY,
        policies=AWS_ONLY,
        empty_plans=Known((), "graph:Plans"),
        dangling_names=Known((), "graph:DnsRecords"),
        source_readers=AWS_ONLY,
        workflows=Known((), SITES),
        channel_keys=AWS_ONLY,
        basic_roles=AWS_ONLY,
    )
    return replace(sound, **changes)


def scope(**changes: Any) -> Scope:
    """The test subscription; ``guardrails=`` builds with :func:`guardrails`."""
    sound = Scope(
        id=SCOPE,
        cloud=Cloud.AZURE,
        name=SUBSCRIPTION,
        locations=(LOCATION,),
        guardrails=Known(guardrails(), "resources:ListSubscriptions"),
        role_holders=(Known((), ASSIGNMENTS),),
        workloads=(Known((), "graph:Workloads"),),
        custom_roles=Known(
            (CustomRole(id="lock-keeper", name="Lock Keeper", owner=False, manages_locks=True),),
            "graph:RoleDefinitions",
        ),
        denials=(Known((), ASSIGNMENTS),),
        spend_alerts=Known(("monthly",), "consumption:ListBudgets"),
    )
    return replace(sound, **changes)


def location(**changes: Any) -> Location:
    """A location of the test subscription."""
    sound = Location(
        id=LOCATION_ID,
        cloud=Cloud.AZURE,
        scope=SCOPE,
        location=LOCATION,
        functions=Known(12, SITES),
        threat_detection=AWS_ONLY,
        package_scanning=AWS_ONLY,
        code_scanning=AWS_ONLY,
        recording=AWS_ONLY,
        access_analysis=AWS_ONLY,
        trace_key=AWS_ONLY,
        trails=AWS_ONLY,
        unreserved_concurrency=AWS_ONLY,
        orphaned_logs=AWS_ONLY,
        log_policies=AWS_ONLY,
    )
    return replace(sound, **changes)


def around(sharing: dict[str, tuple[str, ...]] | None = None, **settings: Any) -> Surroundings:
    """The surroundings of an Azure app, with the operator's settings changed."""
    return Surroundings(
        settings=CheckSettings(**settings), where=location(), sharing=sharing or {}, audited=(SUBSCRIPTION,)
    )


AROUND = around()


def make_public(*handlers: Handler, name: str = "orders", **changes: Any) -> Function:
    """An app that the internet may call and that asks nobody to sign in, with the handlers given."""
    opened: dict[str, Any] = {
        "ingress": Known(public(), SITES),
        "authentication": Known(LOGIN_OFF, "web:GetAuthSettings"),
        "transport": Known(transport(client_certificates=Known(ClientCertificates.OFF, SITES)), SITES),
        "handlers": Known(handlers or (http(),), FUNCTIONS),
    }
    return make_azure(name, **(opened | changes))
