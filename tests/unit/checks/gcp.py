"""Builds Google Cloud subjects for the tests of checks: a sound function, in which every fact is known.

``make_gcp(name, **overrides)`` is a function of the second generation, :func:`make_gen1` of the first and
:func:`make_run` a container service deployed from a function. Build groups with :func:`hosting`, :func:`ingress`,
:func:`authentication`, :func:`deployment`, :func:`storage`, :func:`monitoring` and :func:`limits`. Pass :data:`AROUND` (or
:func:`around`) as the context.
"""

from dataclasses import replace
from typing import Any

from auditor.config import CheckSettings
from auditor.model.asynchronous import FailureHandling
from auditor.model.authentication import Authentication
from auditor.model.code import Code, Package, Patching
from auditor.model.deployment import Build, Deployment, Publishing, Revisions, Source, SourceBucket, SourceKind
from auditor.model.environment import EncryptionKey, Environment, KeyState
from auditor.model.exposure import AccessGrant, AuthMode, Effect, Endpoint, QualifiedPolicy, Reach
from auditor.model.function import Function
from auditor.model.guardrails import AuditLogs, Caller, Guardrails, LogSink, OrgPolicy
from auditor.model.hosting import Hosting, HostingKind, ServiceState
from auditor.model.identity import AssignmentLevel, Identity, IdentityKind, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.ingress import Egress, FrontEnd, Ingress, IngressScope
from auditor.model.inventory import Location, Scope
from auditor.model.lifecycle import Support
from auditor.model.limits import Limits
from auditor.model.observed import Known, not_offered
from auditor.model.storage import SecretReference, Storage
from auditor.model.tags import Tags
from auditor.model.transport import Transport
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from auditor.model.usage import Monitoring, Usage
from tests.unit.checks.build import CLEAN, Surroundings, variable

PROJECT = "fernhollow-orders"
NUMBER = "123456789012"
LOCATION = "europe-west1"
SCOPE = f"gcp/{PROJECT}"
LOCATION_ID = f"{SCOPE}/{LOCATION}"
LISTED = "functions:ListFunctions"
SERVICE = "run:ListServices"
ASSETS = "asset:ListResources"
POLICIES = "asset:ListPolicies"
ELSEWHERE = not_offered("", "Google Cloud has no such setting")
GEN1_ONLY = not_offered(LISTED, "only functions of the first generation have it")


def function_id(name: str) -> str:
    """The id of a function of either generation."""
    return f"//cloudfunctions.googleapis.com/projects/{PROJECT}/locations/{LOCATION}/functions/{name}"


def service_id(name: str) -> str:
    """The id of a Cloud Run service."""
    return f"//run.googleapis.com/projects/{PROJECT}/locations/{LOCATION}/services/{name}"


# Identity


def binding(
    role: str = "datastore.user",
    power: RolePower = RolePower.PLAIN,
    level: AssignmentLevel = AssignmentLevel.ACCOUNT,
    **changes: Any,
) -> RoleAssignment:
    """A role in the own project."""
    scopes = {
        AssignmentLevel.ORGANISATION: "organizations/998877665544",
        AssignmentLevel.ACCOUNT: f"projects/{PROJECT}",
        AssignmentLevel.GROUP: f"projects/{PROJECT}",
        AssignmentLevel.RESOURCE: "buckets/fernhollow-orders-out",
    }
    sound = RoleAssignment(
        id=f"{scopes[level]}#roles/{role}",
        role=role,
        role_id=f"roles/{role}",
        custom=False,
        power=power,
        scope=scopes[level],
        level=level,
        account=PROJECT,
        foreign=False,
        through=None,
        condition=None,
    )
    return replace(sound, **changes)


def identity(*bindings: RoleAssignment, name: str = "orders", **changes: Any) -> Identity:
    """A service account of the function's own, with the roles given (one by default)."""
    email = name if "@" in name else f"{name}@{PROJECT}.iam.gserviceaccount.com"
    sound = Identity(
        id=email,
        name=email,
        kind=IdentityKind.SERVICE_ACCOUNT,
        account=PROJECT,
        exists=Known(True, "iam:ListServiceAccounts"),
        policies=ELSEWHERE,
        boundary=ELSEWHERE,
        trust=(Known((), "iam:GetServiceAccountPolicy"),),
        statements=(),
        role_assignments=(Known(bindings or (binding(),), "resourcemanager:GetProjectPolicy"),),
        default=False,
        enabled=Known(True, "iam:ListServiceAccounts"),
        keys=(Known((), "iam:ListServiceAccountKeys"),),
    )
    return replace(sound, **changes)


def default_account(*bindings: RoleAssignment, generation: int = 2, **changes: Any) -> Identity:
    """The account the platform assigns by itself."""
    emails = {1: f"{PROJECT}@appspot.gserviceaccount.com", 2: f"{NUMBER}-compute@developer.gserviceaccount.com"}
    return identity(*bindings, name=emails[generation], default=True, **changes)


# Who may invoke, ingress, login


def grant(reach: Reach = Reach.SCOPED, *, sid: str = "", index: int = 0, **changes: Any) -> AccessGrant:
    """One binding that lets its members invoke: by default a service account of the own project."""
    members = {
        Reach.ANONYMOUS: ("allUsers",),
        Reach.ANY_PRINCIPAL: ("allAuthenticatedUsers",),
        Reach.ORGANISATION: ("domain:fernhollow.example",),
        Reach.CROSS_ACCOUNT: ("serviceAccount:caller@partner-prod.iam.gserviceaccount.com",),
    }
    sound = AccessGrant(
        qualifier=None,
        sid=sid or "roles/run.invoker",
        index=index,
        effect=Effect.ALLOW,
        reach=reach,
        reason="a service account of the own project",
        principals=members.get(reach, (f"serviceAccount:caller@{PROJECT}.iam.gserviceaccount.com",)),
        services=(),
        accounts=("partner-prod",) if reach is Reach.CROSS_ACCOUNT else (),
        actions=("run.routes.invoke",),
        sources=(),
        condition_keys=(),
        through_endpoint=None,
        endpoint_only=False,
        invokes=True,
        modifies=False,
        not_principal=False,
        source_wildcard=False,
        text="{}",
    )
    return replace(sound, **changes)


def policies(*grants: AccessGrant, source: str = POLICIES) -> Known[tuple[QualifiedPolicy, ...]]:
    """The bindings given, as the ``policies`` of a function."""
    return Known((QualifiedPolicy(qualifier=None, statements=Known(grants, source)),), source)


def endpoint(auth: AuthMode = AuthMode.IAM, **changes: Any) -> Endpoint:
    """The service's own address, for callers of the own project."""
    sound = Endpoint(
        url=f"https://orders-{NUMBER}.{LOCATION}.run.app",
        qualifier=None,
        auth=auth,
        cors=None,
        reach=Known(Reach.SCOPED, POLICIES),
        reach_reason="only a service account of the own project may invoke it",
        source=SERVICE,
    )
    return replace(sound, **changes)


def egress(**changes: Any) -> Egress:
    """All traffic through a network of the project's own."""
    sound = Egress(
        network=Known(f"projects/{PROJECT}/global/networks/orders", SERVICE),
        default_network=Known(False, SERVICE),
        all_traffic=Known(True, SERVICE),
        platform_traffic=ELSEWHERE,
        firewall=ELSEWHERE,
        connector_state=Known(None, SERVICE),
    )
    return replace(sound, **changes)


def front_end(**changes: Any) -> FrontEnd:
    """A load balancer with a security policy, the only way in."""
    sound = FrontEnd(
        id=f"projects/{PROJECT}/global/backendServices/orders",
        kind="load-balancer",
        firewall=Known(True, "compute:ListBackendServices"),
        exclusive=Known(True, SERVICE),
        asks_identity=not_offered("compute:ListBackendServices", "a load balancer without IAP asks nobody"),
    )
    return replace(sound, **changes)


def ingress(**changes: Any) -> Ingress:
    """Internal traffic only; the default address off."""
    sound = Ingress(
        scope=Known(IngressScope.INTERNAL, SERVICE),
        public_network=ELSEWHERE,
        rules=ELSEWHERE,
        management_rules=ELSEWHERE,
        private_endpoints=ELSEWHERE,
        default_address=Known(False, SERVICE),
        recorded=Known(None, LISTED),
        front_ends=Known((), "compute:ListNegs"),
        perimeter=Known(True, "orgpolicy:GetEffectivePolicy"),
        egress=egress(),
    )
    return replace(sound, **changes)


def public(**changes: Any) -> Ingress:
    """An ingress that lets the whole internet knock."""
    opened: dict[str, Any] = {"scope": Known(IngressScope.ALL, SERVICE), "default_address": Known(True, SERVICE)}
    return ingress(**(opened | changes))


def authentication(**changes: Any) -> Authentication:
    """Identity-Aware Proxy in front."""
    sound = Authentication(
        enabled=Known(True, SERVICE),
        required=Known(True, SERVICE),
        excluded_paths=ELSEWHERE,
        any_tenant=ELSEWHERE,
        audience_restricted=ELSEWHERE,
        redirects=ELSEWHERE,
        legacy=ELSEWHERE,
        requires_https=ELSEWHERE,
    )
    return replace(sound, **changes)


LOGIN_OFF = authentication(enabled=Known(False, SERVICE), required=Known(False, SERVICE))


def trigger(kind: TriggerKind = TriggerKind.TOPIC, **changes: Any) -> Trigger:
    """A topic of the own project that only the project publishes to, retried into a dead-letter topic."""
    sound = Trigger(
        kind=kind,
        service="pubsub",
        source=f"projects/{PROJECT}/topics/orders-in",
        account=PROJECT,
        via=TriggerVia.EVENT_TRIGGER,
        enabled=True,
        asynchronous=True,
        qualifier=None,
        handler=None,
        authentication=ELSEWHERE,
        open_to=Known((), POLICIES),
        filters=("type=google.cloud.pubsub.topic.v1.messagePublished",),
        broad=(),
        retry=Known(True, LISTED),
        dead_letter=Known(True, "pubsub:ListSubscriptions"),
        writes_back=Known(False, POLICIES),
        can_invoke=Known(True, POLICIES),
        deliverer=Known(f"events@{PROJECT}.iam.gserviceaccount.com", LISTED),
    )
    return replace(sound, **changes)


# Hosting, deployment, storage, monitoring, limits


def hosting(kind: HostingKind = HostingKind.SECOND_GENERATION, **changes: Any) -> Hosting:
    """An active function of the second generation."""
    sound = Hosting(
        kind=kind,
        system="linux",
        container=False,
        slot=None,
        parent=None,
        slots=ELSEWHERE,
        plan=ELSEWHERE,
        state=Known(ServiceState.ACTIVE, LISTED),
        host_version=ELSEWHERE,
        worker=ELSEWHERE,
        in_process=ELSEWHERE,
        framework=ELSEWHERE,
        always_on=ELSEWHERE,
        session_affinity=Known(False, SERVICE),
        health_probe=Known("http", SERVICE),
        self_healing=ELSEWHERE,
        worker_32bit=ELSEWHERE,
        web_sockets=ELSEWHERE,
        interactive_shell=Known(False, SERVICE),
        remote_debugging=ELSEWHERE,
        startup_command=ELSEWHERE,
        bundled_database=ELSEWHERE,
        shares_host_id=ELSEWHERE,
        first_sandbox=Known(False, SERVICE),
        cpu_always=Known(False, SERVICE),
        upgrade=Known(None, LISTED),
        extensions=ELSEWHERE,
        proxies=ELSEWHERE,
        locked=ELSEWHERE,
        backup=ELSEWHERE,
        hybrid=ELSEWHERE,
        unique_hostname=ELSEWHERE,
        audiences=Known((), SERVICE),
        container_host=ELSEWHERE,
    )
    return replace(sound, **changes)


def build(**changes: Any) -> Build:
    """Built by an account of its own in a private pool, into an own repository."""
    sound = Build(
        identity=Known(f"builder@{PROJECT}.iam.gserviceaccount.com", LISTED),
        pool=Known(f"projects/{PROJECT}/locations/{LOCATION}/workerPools/builds", LISTED),
        environment=Known(Environment(variables=(), stored=(), source=LISTED), LISTED),
        own_repository=Known(f"projects/{PROJECT}/locations/{LOCATION}/repositories/orders", LISTED),
        legacy_registry=Known(False, LISTED),
        image=Known(f"{LOCATION}-docker.pkg.dev/{PROJECT}/orders/orders@sha256:" + "ab" * 32, SERVICE),
        pinned=Known(True, SERVICE),
        automatic_updates=Known(True, LISTED),
        deployed_at=Known("2026-11-01T08:00:00Z", LISTED),
        created_at=Known("2025-03-01T08:00:00Z", LISTED),
        source_buckets=source_buckets(),
        image_access=Known((), "artifactregistry:GetRepositoryPolicy"),
    )
    return replace(sound, **changes)


def source_buckets(
    *grants: AccessGrant, name: str = f"gcf-v2-sources-{NUMBER}-{LOCATION}"
) -> Known[tuple[SourceBucket, ...]]:
    """The one bucket that the source lies in, with what it grants."""
    return Known((SourceBucket(name=name, access=(Known(grants, "storage:GetBucketPolicy"),)),), LISTED)


def deployment(**changes: Any) -> Deployment:
    """Function and service agree; one revision serves; images need attestation."""
    bucket = f"gcf-v2-sources-{NUMBER}-{LOCATION}"
    sound = Deployment(
        publishing=Publishing(management_password=ELSEWHERE, ftp_password=ELSEWHERE),
        source=Known(Source(kind=SourceKind.STORAGE, location=bucket, branch=None), LISTED),
        package=ELSEWHERE,
        key_store=ELSEWHERE,
        host_storage=ELSEWHERE,
        content_storage=ELSEWHERE,
        deployment_storage=ELSEWHERE,
        storage_required=ELSEWHERE,
        mounts_with_key=ELSEWHERE,
        sticky=ELSEWHERE,
        unsticky_secrets=ELSEWHERE,
        registry=ELSEWHERE,
        build=build(),
        revisions=Revisions(receiving=Known((), SERVICE), secrets=Known((), "run:ListRevisions")),
        drift=Known((), SERVICE),
        detached=Known(False, SERVICE),
        unlisted=Known(False, LISTED),
        binary_authorization=Known(True, SERVICE),
        break_glass=Known(None, SERVICE),
    )
    return replace(sound, **changes)


def key(**changes: Any) -> EncryptionKey:
    """A customer's key that is enabled and rotates."""
    sound = EncryptionKey(
        id=f"projects/{PROJECT}/locations/{LOCATION}/keyRings/orders/cryptoKeys/functions",
        account=PROJECT,
        state=Known(KeyState.ENABLED, "cloudkms:GetCryptoKey"),
        rotation=Known(True, "cloudkms:GetCryptoKey"),
    )
    return replace(sound, **changes)


def secret_reference(setting: str = "PAYMENT_API", **changes: Any) -> SecretReference:
    """A variable filled from Secret Manager, pinned to a version of a secret that rotates."""
    sound = SecretReference(
        setting=setting,
        store=f"projects/{PROJECT}/secrets/payment-api",
        version="3",
        resolved=Known(True, "secretmanager:ListSecrets"),
        problem="",
        rotates=Known(True, "secretmanager:ListSecrets"),
    )
    return replace(sound, **changes)


def storage(**changes: Any) -> Storage:
    """One secret by reference, the function encrypted with an own key."""
    sound = Storage(
        host=ELSEWHERE,
        references=Known((secret_reference(),), LISTED),
        vaults=ELSEWHERE,
        customer_key=Known(key(), LISTED),
    )
    return replace(sound, **changes)


def usage(**changes: Any) -> Usage:
    """A steady hundred executions a day, none failed, half the memory used."""
    read = "monitoring:ListTimeSeries"
    sound = Usage(
        executions_30_days=Known(3000, read),
        executions_90_days=Known(9000, read),
        failed=Known(0.0, read),
        recent_per_day=Known(100.0, read),
        executions_before=Known(100.0, read),
        days=90,
        executions=Known(9000, read),
        idle_days=Known(0, read),
        peak_memory=Known(0.5, read),
    )
    return replace(sound, **changes)


def monitoring(**changes: Any) -> Monitoring:
    """Measured, and watched by threat detection."""
    sound = Monitoring(
        insights=ELSEWHERE,
        insights_key_only=ELSEWHERE,
        insights_linked=ELSEWHERE,
        diagnostics=ELSEWHERE,
        http_logs=ELSEWHERE,
        detailed_errors=ELSEWHERE,
        usage=Known(usage(), "monitoring:ListTimeSeries"),
        threat_detection=Known(True, SERVICE),
    )
    return replace(sound, **changes)


def limits(**changes: Any) -> Limits:
    """Modest limits with a ceiling on instances."""
    sound = Limits(
        timeout_seconds=Known(30, LISTED),
        memory_mb=Known(512, LISTED),
        ephemeral_mb=ELSEWHERE,
        reserved_concurrency=ELSEWHERE,
        recursion_allowed=ELSEWHERE,
        max_instances=Known(10, LISTED),
        min_instances=Known(1, LISTED),
        prewarmed=ELSEWHERE,
        per_instance=Known(20, LISTED),
        daily_quota=ELSEWHERE,
        cpus=Known(1.0, SERVICE),
        gpus=Known(0, SERVICE),
    )
    return replace(sound, **changes)


def code(**changes: Any) -> Code:
    """Source that the platform built and patches under."""
    sound = Code(
        package=Package.ARCHIVE,
        sha256=ELSEWHERE,
        layers=ELSEWHERE,
        signing=ELSEWHERE,
        artifact_signed=ELSEWHERE,
        image=None,
        patching=Known(Patching.AUTOMATIC, LISTED),
        snapstart=ELSEWHERE,
        source_key=ELSEWHERE,
        scan=ELSEWHERE,
        analysis=Known(CLEAN, "import"),
    )
    return replace(sound, **changes)


# Subjects


def make_gcp(name: str = "orders", **changes: Any) -> Function:
    """A sound function of the second generation: nothing any check objects to, every fact known."""
    level = variable("LOG_LEVEL", value="INFO")
    sound = Function(
        id=function_id(name),
        name=name,
        cloud=Cloud.GCP,
        scope=SCOPE,
        location=LOCATION,
        source=LISTED,
        tags=Known(Tags({"owner": "payments", "data-classification": "internal"}), LISTED),
        runtime=Known("python313", LISTED),
        architectures=ELSEWHERE,
        identity=Known(identity(name=name), LISTED),
        policies=policies(grant()),
        endpoints=Known((endpoint(),), SERVICE),
        triggers=(Known((trigger(),), LISTED),),
        aliases=ELSEWHERE,
        environment=Known(Environment(variables=(level,), stored=(), source=LISTED), LISTED),
        environment_key=ELSEWHERE,
        network=ELSEWHERE,
        code=code(),
        limits=limits(),
        failures=FailureHandling(dead_letter=ELSEWHERE, settings=ELSEWHERE),
        logging=ELSEWHERE,
        tracing=ELSEWHERE,
        mounts=ELSEWHERE,
        attached=Known((), LISTED),
        support=Known(Support(deprecated_on="2029-10-10", decommissioned_on="2030-04-10"), "functions:ListRuntimes"),
        hosting=Known(hosting(), LISTED),
        handlers=ELSEWHERE,
        transport=Known(Transport(https_only=not_offered(LISTED, "it answers HTTPS only")), LISTED),
        ingress=Known(ingress(), SERVICE),
        authentication=Known(authentication(), SERVICE),
        deployment=Known(deployment(), LISTED),
        storage=Known(storage(), LISTED),
        monitoring=Known(monitoring(), SERVICE),
        callers=Known((), "cloudscheduler:ListJobs"),
    )
    return replace(sound, **changes)


def make_gen1(name: str = "orders", **changes: Any) -> Function:
    """A sound function of the first generation, started by a topic: no URL of its own."""
    first = {
        "endpoints": Known((), LISTED),
        "policies": policies(grant(sid="roles/cloudfunctions.invoker", actions=("cloudfunctions.functions.invoke",))),
        "hosting": Known(hosting(HostingKind.FIRST_GENERATION), LISTED),
        "transport": Known(Transport(https_only=Known(True, LISTED)), LISTED),
        "authentication": not_offered(LISTED, "functions of the first generation cannot stand behind IAP"),
        "limits": limits(per_instance=Known(1, LISTED), cpus=ELSEWHERE, gpus=ELSEWHERE),
        "ingress": Known(ingress(default_address=ELSEWHERE, recorded=ELSEWHERE), LISTED),
    }
    return make_gcp(name, **(first | changes))


def make_run(name: str = "orders", **changes: Any) -> Function:
    """A sound container service deployed from a function, which the functions API does not list."""
    alone = {
        "id": service_id(name),
        "source": SERVICE,
        "hosting": Known(hosting(HostingKind.SERVICE), SERVICE),
        "triggers": (Known((), "eventarc:ListTriggers"),),
        "ingress": Known(ingress(recorded=ELSEWHERE), SERVICE),
    }
    return make_gcp(name, **(alone | changes))


def caller(**changes: Any) -> Caller:
    """A job of the scheduler that calls the function with a token of its own."""
    sound = Caller(
        id=f"projects/{PROJECT}/locations/{LOCATION}/jobs/nightly",
        kind="scheduler-job",
        target=f"orders-{NUMBER}.{LOCATION}.run.app/nightly",
        function=function_id("orders"),
        identified=True,
        key_in_url=False,
    )
    return replace(sound, **changes)


POLICY = "orgpolicy:GetEffectivePolicy"
CONSTRAINTS = (
    "cloudfunctions.allowedIngressSettings",
    "run.allowedIngress",
    "cloudfunctions.requireVPCConnector",
    "run.allowedVPCEgress",
    "iam.automaticIamGrantsForDefaultServiceAccounts",
    "iam.allowedPolicyMemberDomains",
    "cloudfunctions.restrictAllowedGenerations",
    "gcp.resourceLocations",
)


def constraints(**enforced: bool) -> Known[tuple[OrgPolicy, ...]]:
    """Every constraint in force, but those named False: ``constraints(**{"run.allowedIngress": False})``.

    Managed ones, which do the same as one of those, are in force where they are named True.
    """
    in_force = dict.fromkeys(CONSTRAINTS, True) | enforced
    return Known(
        tuple(
            OrgPolicy(constraint=name, enforced=Known(holds, POLICY), detail=Known("", POLICY))
            for name, holds in in_force.items()
        ),
        "orgpolicy:GetEffectivePolicy",
    )


def guardrails(**changes: Any) -> Guardrails:
    """Audit logs of every service, an export, a year's retention, constraints in force."""
    sound = Guardrails(
        detection_plans=ELSEWHERE,
        serverless_posture=ELSEWHERE,
        alerts=Known(("setiampolicy", "updatefunction"), "monitoring:ListAlertPolicies"),
        audit_logs=Known(AuditLogs(services=("allServices",), exempted=()), "resourcemanager:GetProjectPolicy"),
        sinks=Known(
            (
                LogSink(
                    name="archive", destination="storage.googleapis.com/logs", covers_functions=True, disabled=False
                ),
            ),
            "logging:ListSinks",
        ),
        log_exclusions=Known((), "logging:ListExclusions"),
        log_retention_days=Known((("_Default", 365),), "logging:ListBuckets"),
        asset_inventory=Known(True, "serviceusage:ListServices"),
        policies=constraints(),
        empty_plans=ELSEWHERE,
        dangling_names=ELSEWHERE,
        source_readers=Known((), "resourcemanager:GetProjectPolicy"),
        workflows=ELSEWHERE,
        channel_keys=Known((), "eventarc:ListChannels"),
        basic_roles=Known((), "resourcemanager:GetProjectPolicy"),
    )
    return replace(sound, **changes)


def scope(**changes: Any) -> Scope:
    """The test project; ``guardrails=`` builds with :func:`guardrails`."""
    sound = Scope(
        id=SCOPE,
        cloud=Cloud.GCP,
        name=PROJECT,
        locations=(LOCATION,),
        guardrails=Known(guardrails(), "resourcemanager:SearchProjects"),
        role_holders=(Known((), "resourcemanager:GetProjectPolicy"),),
        workloads=(Known((), "iam:ListServiceAccounts"),),
        number=NUMBER,
    )
    return replace(sound, **changes)


def location(**changes: Any) -> Location:
    """A region of the test project."""
    sound = Location(
        id=LOCATION_ID,
        cloud=Cloud.GCP,
        scope=SCOPE,
        location=LOCATION,
        functions=Known(12, LISTED),
        threat_detection=ELSEWHERE,
        package_scanning=ELSEWHERE,
        code_scanning=ELSEWHERE,
        recording=ELSEWHERE,
        access_analysis=ELSEWHERE,
        trace_key=ELSEWHERE,
        trails=ELSEWHERE,
        unreserved_concurrency=ELSEWHERE,
        orphaned_logs=ELSEWHERE,
        log_policies=ELSEWHERE,
    )
    return replace(sound, **changes)


def around(sharing: dict[str, tuple[str, ...]] | None = None, **settings: Any) -> Surroundings:
    """The surroundings of a function, with the operator's settings changed."""
    return Surroundings(settings=CheckSettings(**settings), where=location(), sharing=sharing or {}, audited=(PROJECT,))


AROUND = around()
