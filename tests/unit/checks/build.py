"""Builds subjects for the tests of checks: a sound function, in which every fact is known, with overrides.

``make(name, **overrides)`` replaces whole fields of the function; ``code=``, ``limits=`` and ``failures=`` are
groups: build them with :func:`code`, :func:`limits`, :func:`failures`. The sound function passes every check
or is outside its question. ``verdicts`` judges named subjects with the engine itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from auditor.analysis.cost.prices import SHIPPED, PriceList
from auditor.analysis.cost.reckoned import Ceilings
from auditor.analysis.graph.loops import Loop
from auditor.analysis.permissions.role_estate import RoleEstate
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.check import Check, Context, Hit
from auditor.code.findings import RULES
from auditor.config import CheckSettings
from auditor.engine.evaluate import judge
from auditor.model.access import EffectivePermissions
from auditor.model.alarm import Alarm
from auditor.model.asynchronous import AsyncSettings, FailureHandling, Target
from auditor.model.code import (
    Code,
    Image,
    Layer,
    Package,
    Patching,
    Publisher,
    Repository,
    ScanCoverage,
    Signing,
    SnapStart,
)
from auditor.model.code_analysis import CodeAnalysis, CodeFacts
from auditor.model.deployment import Build, Deployment, Revisions
from auditor.model.environment import (
    EncryptionKey,
    Environment,
    KeyState,
    StoredSecret,
    StoredSecretKind,
    Variable,
)
from auditor.model.event_source import SourceEncryption, SourceSettings
from auditor.model.exposure import AccessGrant, AuthMode, Cors, Effect, Endpoint, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Alias, Function, Mount
from auditor.model.gateway import DomainName, Gateway, MethodSettings, Route, Stage, UsagePlan
from auditor.model.identity import Conditions, Identity, IdentityKind, PermissionPolicy, PolicyOrigin, PolicyStatement
from auditor.model.ids import Cloud
from auditor.model.inventory import Location, Scope
from auditor.model.limits import Limits
from auditor.model.network import FirewallRule, Network, SecurityGroup, Subnet
from auditor.model.observed import Gap, GapReason, Known, Unknown, not_offered
from auditor.model.secret import Reference, SecretVerdict
from auditor.model.severity import Confidence
from auditor.model.tags import Tags
from auditor.model.telemetry import Logging, LogGroup, Trail, TrailCoverage
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from auditor.model.usage import Monitoring, Usage

TODAY = date(2026, 11, 23)
ACCOUNT = "111122223333"
FOREIGN = "444455556666"
REGION = "us-east-1"
SCOPE = f"aws/{ACCOUNT}"
LOCATION_ID = f"{SCOPE}/{REGION}"
LISTED = "lambda:ListFunctions"
ROLES = "iam:GetAccountAuthorizationDetails"
METRICS = "cloudwatch:GetMetricData"

Subject: TypeAlias = Function | Location | Scope


def unknown(operation: str = LISTED, reason: GapReason = GapReason.DENIED) -> Unknown:
    """A fact that could not be read."""
    return Unknown(Gap(reason, operation, operation, "withheld by the test"))


def not_asked(operation: str) -> Unknown:
    """A fact whose call belongs to an opt-in tier that nobody asked for."""
    return Unknown(Gap(GapReason.NOT_IN_TIER, operation, operation, "asked for by its tier alone"))


def arn(service: str, resource: str, account: str = ACCOUNT, region: str = REGION) -> str:
    """An ARN of the test account."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"


# Code


def layer(name: str = "shared-models", version: str = "3", account: str = ACCOUNT, **changes: Any) -> Layer:
    """A layer of the own account that exists and is not shared."""
    sound = Layer(
        id=arn("lambda", f"layer:{name}:{version}", account),
        name=name,
        version=version,
        account=account,
        vendor=False,
        exists=Known(True, "lambda:GetLayerVersionByArn"),
        sharing=Known((), "lambda:GetLayerVersionPolicy"),
    )
    return replace(sound, **changes)


def signing(enforced: bool = True, **publishers: str) -> Signing:
    """A signing configuration that trusts one active profile of the own account (or profile=status given)."""
    return Signing(
        id=arn("lambda", "code-signing-config:csc-0a1b2c3d4e5f60718"),
        enforced=enforced,
        publishers=tuple(
            Publisher(
                id=arn("signer", f"/signing-profiles/{name}/abcd1234"),
                account=ACCOUNT,
                status=Known(status, "signer:GetSigningProfile"),
            )
            for name, status in (publishers or {"releases": "Active"}).items()
        ),
    )


def repository(name: str = "orders", **changes: Any) -> Repository:
    """A registry repository that is scanned, immutable, encrypted with the own key and cleaned up."""
    listed = "ecr:DescribeRepositories"
    sound = Repository(
        id=arn("ecr", f"repository/{name}"),
        name=name,
        account=ACCOUNT,
        scan_on_push=Known(True, listed),
        immutable_tags=Known(True, listed),
        customer_key=Known(True, listed),
        lifecycle=Known(True, "ecr:GetLifecyclePolicy"),
        policy=Known((), "ecr:GetRepositoryPolicy"),
    )
    return replace(sound, **changes)


def image(**changes: Any) -> Image:
    """An image in use, from :func:`repository`."""
    uri = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/orders"
    sound = Image(
        uri=Known(f"{uri}:2026-11-01", "lambda:GetFunction"),
        digest=Known("sha256:" + "ab" * 32, "lambda:GetFunction"),
        repository=Known(repository(), "ecr:DescribeRepositories"),
    )
    return replace(sound, **changes)


CLEAN = CodeAnalysis(
    components=(),
    vulnerabilities=(),
    judged=True,
    advisories="OSV dumps of 2026-11-01",
    findings=(),
    facts=CodeFacts(entries=("app.py:handler",)),
    incomplete=(),
    rules=RULES,
)
"""What is inside a package without libraries and without defects."""


def code(**changes: Any) -> Code:
    """A signed archive without layers, patched by the platform and scanned."""
    sound = Code(
        package=Package.ARCHIVE,
        sha256=Known("q1w2e3r4t5y6u7i8o9p0", LISTED),
        layers=Known((), LISTED),
        signing=Known(signing(), "lambda:ListFunctionsByCodeSigningConfig"),
        artifact_signed=Known(arn("signer", "/signing-jobs/0f1e2d3c"), LISTED),
        image=None,
        patching=Known(Patching.AUTOMATIC, "lambda:GetRuntimeManagementConfig"),
        snapstart=Known(SnapStart(configured=False, active=False), LISTED),
        source_key=Known(None, "lambda:GetFunction"),
        scan=Known(
            ScanCoverage(active=True, reason="SUCCESSFUL", scanned_at="2026-11-20"),
            "inspector2:ListCoverage",
        ),
        analysis=Known(CLEAN, "lambda:GetFunctionCode"),
    )
    return replace(sound, **changes)


def image_code(**changes: Any) -> Code:
    """The code of a function delivered as a container image (no layers, signing, patching or runtime)."""
    packaged = {
        "package": Package.IMAGE,
        "image": image(),
        "signing": Known(None, "lambda:ListFunctionsByCodeSigningConfig"),
        "artifact_signed": Known(None, LISTED),
        "patching": Known(None, "lambda:GetRuntimeManagementConfig"),
    }
    return code(**(packaged | changes))


# Environment


def variable(
    name: str,
    verdict: SecretVerdict = SecretVerdict.CLEAR,
    *,
    confidence: Confidence | None = None,
    detector: str | None = None,
    reference: Reference | None = None,
    length: int = 12,
    value: str | None = None,
) -> Variable:
    """A variable as it was judged when read."""
    return Variable(
        name=name,
        length=length,
        verdict=verdict,
        confidence=confidence,
        detector=detector,
        reference=reference,
        digest=f"digest-of-{name}",
        value=value,
    )


def key(account: str = ACCOUNT, **changes: Any) -> EncryptionKey:
    """A customer's key that is enabled and rotates."""
    sound = EncryptionKey(
        id=arn("kms", "key/11111111-2222-3333-4444-555555555555", account),
        account=account,
        state=Known(KeyState.ENABLED, "kms:DescribeKey"),
        rotation=Known(True, "kms:GetKeyRotationStatus"),
    )
    return replace(sound, **changes)


def stored_parameter(name: str = "/prod/db/url", **changes: Any) -> StoredSecret:
    """An encrypted parameter that exists."""
    listed = "ssm:DescribeParameters"
    sound = StoredSecret(
        variable="DB_URL_PARAMETER",
        id=arn("ssm", f"parameter{name}"),
        kind=StoredSecretKind.PARAMETER,
        account=ACCOUNT,
        exists=Known(True, listed),
        encrypted=Known(True, listed),
        customer_key=Known(True, listed),
        rotates=Known(None, listed),
        last_used=Known(None, listed),
        public_policy=Known(False, listed),
    )
    return replace(sound, **changes)


def stored_secret(name: str = "prod/db", **changes: Any) -> StoredSecret:
    """A secret that rotates, is in use, is encrypted with the own key and not public."""
    listed = "secretsmanager:ListSecrets"
    sound = StoredSecret(
        variable="DB_SECRET_ARN",
        id=arn("secretsmanager", f"secret:{name}-AbCdEf"),
        kind=StoredSecretKind.SECRET,
        account=ACCOUNT,
        exists=Known(True, listed),
        encrypted=Known(True, listed),
        customer_key=Known(True, listed),
        rotates=Known(True, listed),
        last_used=Known("2026-11-20", listed),
        public_policy=Known(False, "secretsmanager:GetResourcePolicy"),
    )
    return replace(sound, **changes)


def environment(
    *variables: Variable,
    stored: tuple[StoredSecret, ...] = (),
) -> Environment:
    """The variables given."""
    return Environment(variables=variables, stored=stored, source=LISTED)


# Identity


def grant(
    actions: tuple[str, ...] = ("dynamodb:getitem",),
    resources: tuple[str, ...] = (arn("dynamodb", "table/orders"),),
    **changes: Any,
) -> PolicyStatement:
    """An allowing statement of a customer-managed policy."""
    sound = PolicyStatement(
        effect=Effect.ALLOW,
        actions=actions,
        not_actions=(),
        resources=resources,
        not_resources=(),
        condition_keys=(),
        conditions=Conditions.VACUOUS,
        policy="orders-access",
        origin=PolicyOrigin.CUSTOMER,
        statement="Statement[0]",
        text="{}",
    )
    return replace(sound, **changes)


def own_logs(name: str = "orders") -> PolicyStatement:
    """What a function needs to log to its own group."""
    return grant(
        ("logs:createlogstream", "logs:putlogevents"),
        (arn("logs", f"log-group:/aws/lambda/{name}:*"),),
        statement="Logs",
    )


def permission_policy(
    name: str = "orders-access",
    origin: PolicyOrigin = PolicyOrigin.CUSTOMER,
    document: str = '{"Statement":[]}',
) -> PermissionPolicy:
    """A document attached to a role."""
    return PermissionPolicy(
        name=name, id=f"arn:aws:iam::{ACCOUNT}:policy/{name}", origin=origin, document=Known(document, ROLES)
    )


def statement(
    reach: Reach = Reach.SCOPED,
    *,
    sid: str = "AllowOwnAccount",
    **changes: Any,
) -> AccessGrant:
    """One judged statement of a resource policy: by default the own account may invoke."""
    sound = AccessGrant(
        qualifier=None,
        sid=sid,
        index=0,
        effect=Effect.ALLOW,
        reach=reach,
        reason="the own account",
        principals=(f"arn:aws:iam::{ACCOUNT}:root",),
        services=(),
        accounts=(ACCOUNT,),
        actions=("lambda:InvokeFunction",),
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


def identity(*grants: PolicyStatement, name: str = "orders-role", **changes: Any) -> Identity:
    """A role of the own account with the grants given (its own logs and one table by default)."""
    sound = Identity(
        id=f"arn:aws:iam::{ACCOUNT}:role/{name}",
        name=name,
        kind=IdentityKind.ROLE,
        account=ACCOUNT,
        exists=Known(True, ROLES),
        policies=Known((permission_policy(),), ROLES),
        boundary=Known(None, ROLES),
        trust=(
            Known(
                (
                    statement(
                        sid="LambdaOnly",
                        principals=("lambda.amazonaws.com",),
                        services=("lambda.amazonaws.com",),
                        accounts=(),
                        actions=("sts:AssumeRole",),
                        invokes=False,
                        reason="the function service itself",
                    ),
                ),
                ROLES,
            ),
        ),
        statements=(Known(grants or (own_logs(), grant()), ROLES),),
    )
    return replace(sound, **changes)


# Network, endpoints, triggers


def subnet(zone: str = "us-east-1a", **changes: Any) -> Subnet:
    """A private subnet with room."""
    sound = Subnet(
        id=f"subnet-{zone}",
        exists=Known(True, "ec2:DescribeSubnets"),
        zone=Known(zone, "ec2:DescribeSubnets"),
        free_addresses=Known(240, "ec2:DescribeSubnets"),
        public=Known(False, "ec2:DescribeRouteTables"),
    )
    return replace(sound, **changes)


def rule(*peers: str, protocol: str = "tcp", from_port: int | None = 443, to_port: int | None = 443) -> FirewallRule:
    """One rule of a security group."""
    return FirewallRule(protocol=protocol, from_port=from_port, to_port=to_port, peers=peers)


def security_group(
    egress: tuple[FirewallRule, ...] = (rule("pl-63a5400a"),),
    ingress: tuple[FirewallRule, ...] = (),
    **changes: Any,
) -> SecurityGroup:
    """A group that lets HTTPS out to one prefix list and nothing in."""
    described = "ec2:DescribeSecurityGroups"
    sound = SecurityGroup(
        id="sg-0a1b2c3d",
        exists=Known(True, described),
        ingress=Known(ingress, described),
        egress=Known(egress, described),
    )
    return replace(sound, **changes)


def network(**changes: Any) -> Network:
    """Two private subnets in two zones, flow logs, and endpoints for the usual services."""
    services = ("s3", "dynamodb", "sts", "secretsmanager", "ssm", "kms", "sqs", "sns", "logs", "lambda", "events")
    sound = Network(
        id="vpc-0a1b2c3d",
        subnets=(subnet("us-east-1a"), subnet("us-east-1b")),
        security_groups=(security_group(),),
        dual_stack=False,
        flow_logs=Known(True, "ec2:DescribeFlowLogs"),
        endpoints=Known(tuple(f"com.amazonaws.{REGION}.{service}" for service in services), "ec2:DescribeVpcEndpoints"),
        source=LISTED,
    )
    return replace(sound, **changes)


def endpoint(auth: AuthMode = AuthMode.IAM, cors: Cors | None = None, **changes: Any) -> Endpoint:
    """A function URL that only callers of the own account can use."""
    sound = Endpoint(
        url="https://abcdefghij.lambda-url.us-east-1.on.aws/",
        qualifier=None,
        auth=auth,
        cors=cors,
        reach=Known(Reach.SCOPED, "lambda:GetPolicy"),
        reach_reason="signed calls of the own account",
        source="lambda:ListFunctionUrlConfigs",
        front_ends=Known((), "cloudfront:ListDistributions"),
    )
    return replace(sound, **changes)


def trigger(kind: TriggerKind = TriggerKind.QUEUE, **changes: Any) -> Trigger:
    """An enabled queue mapping (synchronous for the platform: the queue keeps what fails)."""
    sound = Trigger(
        kind=kind,
        service="sqs",
        source=arn("sqs", "orders-in"),
        account=ACCOUNT,
        via=TriggerVia.MAPPING,
        enabled=True,
        asynchronous=False,
        qualifier=None,
        source_grants=Known((), "sqs:GetQueueAttributes"),
        open_to=Known((), "sqs:GetQueueAttributes"),
        partial_batches=Known(True, "lambda:ListEventSourceMappings"),
        dead_letter=Known(True, "sqs:GetQueueAttributes"),
        exists=Known(True, "sqs:GetQueueAttributes"),
        filtered=Known(False, "lambda:ListEventSourceMappings"),
        failure_target=not_offered("lambda:ListEventSourceMappings", "the queue keeps what fails"),
        access=not_offered("lambda:ListEventSourceMappings", "the role of the function is enough"),
        settings=Known(source_settings(), "sqs:GetQueueAttributes"),
    )
    return replace(sound, **changes)


def source_settings(**changes: Any) -> SourceSettings:
    """A queue under the customer's key that denies plain HTTP, hides messages long enough, and holds none."""
    read = "sqs:GetQueueAttributes"
    sound = SourceSettings(
        encryption=Known(SourceEncryption.CUSTOMER_KEY, read),
        tls_required=Known(True, read),
        delivers_plain=Known(False, read),
        visibility_seconds=Known(900, read),
        waiting=Known(0, read),
        retention_hours=not_offered(read, "queues keep what is not read"),
        public=not_offered(read, "queues have no brokers"),
        anonymous=not_offered(read, "queues have no brokers"),
        plain_clients=not_offered(read, "queues have no brokers"),
        logged=not_offered(read, "queues have no brokers"),
    )
    return replace(sound, **changes)


def triggers(*known: Trigger) -> tuple[Known[tuple[Trigger, ...]], ...]:
    """The three observed groups of triggers, sorted by where each was learnt."""
    sources = {
        TriggerVia.MAPPING: "lambda:ListEventSourceMappings",
        TriggerVia.POLICY: "lambda:GetPolicy",
        TriggerVia.ENDPOINT: "lambda:ListFunctionUrlConfigs",
    }
    return tuple(Known(tuple(t for t in known if t.via is via), source) for via, source in sources.items())


def route(method: str = "GET", path: str = "/orders", auth: AuthMode = AuthMode.IAM, **changes: Any) -> Route:
    """A route that signs its callers in and validates what they send."""
    sound = Route(
        method=method,
        path=path,
        auth=auth,
        authorizer=None,
        validated=Known(True, "apigateway:GetResources"),
        key=Known(True, "apigateway:GetResources"),
        scopes=Known(("orders",), "apigateway:GetResources"),
    )
    return replace(sound, **changes)


def method_settings(methods: str = "*/*", **changes: Any) -> MethodSettings:
    """Of a stage that logs errors, keeps metrics and encrypts its cache."""
    sound = MethodSettings(
        methods=methods, logged="ERROR", data_trace=False, metrics=True, cached=True, cache_encrypted=True
    )
    return replace(sound, **changes)


def stage(**changes: Any) -> Stage:
    """A stage with limits, a firewall, logs, traces and a cache, that tries changes out on a canary."""
    sound = Stage(
        name="live",
        rate=50.0,
        burst=20,
        firewall=Known(True, "apigateway:GetStages"),
        access_log=Known(True, "apigateway:GetStages"),
        encrypted=Known(True, "apigateway:GetStages"),
        log_format=Known(None, "apigateway:GetStages"),
        settings=Known((method_settings(),), "apigateway:GetStages"),
        traced=Known(True, "apigateway:GetStages"),
        cache=Known(True, "apigateway:GetStages"),
        client_certificate=Known("c3r71f", "apigateway:GetStages"),
        variables=Known((), "apigateway:GetStages"),
        plans=Known((UsagePlan(id="p1", name="partners", rate=20.0, quota=1000),), "apigateway:GetUsagePlans"),
        canary=Known(True, "apigateway:GetStages"),
        auto_deploy=not_offered("apigateway:GetStages", "a REST API has none"),
    )
    return replace(sound, **changes)


def gateway(*routes: Route, kind: str = "rest", **changes: Any) -> Gateway:
    """A public API with limits, a firewall and logs, that answers only at a name of its own with TLS 1.2."""
    sound = Gateway(
        id=arn("execute-api", "a1b2c3d4e5"),
        name="shop",
        kind=kind,
        public=Known(True, "apigateway:GetRestApis"),
        routes=routes or (route(),),
        stages=Known((stage(),), "apigateway:GetStages"),
        domains=Known(
            (DomainName(name="shop.example", tls_policy="TLS_1_2", mutual_tls=False),), "apigatewayv2:GetDomainNames"
        ),
        default_address=Known(False, "apigateway:GetRestApis"),
        cors=Known(None, "apigateway:GetResources"),
        private=Known(False, "apigateway:GetRestApis"),
        grants=Known((), "apigateway:GetRestApis"),
        compression=Known(True, "apigateway:GetRestApis"),
        authorizers=Known((), "apigateway:GetResources"),
        backends=Known((), "apigateway:GetResources"),
    )
    return replace(sound, **changes)


def behind(*gateways: Gateway) -> Known[tuple[Gateway, ...]]:
    """The ``gateways`` of a function."""
    return Known(gateways, "apigatewayv2:GetRoutes")


# Limits, failures, telemetry


def limits(**changes: Any) -> Limits:
    """Modest limits with reserved concurrency."""
    sound = Limits(
        timeout_seconds=Known(30, LISTED),
        memory_mb=Known(512, LISTED),
        ephemeral_mb=Known(512, LISTED),
        reserved_concurrency=Known(20, "lambda:GetFunction"),
        recursion_allowed=Known(False, "lambda:GetFunctionRecursionConfig"),
    )
    return replace(sound, **changes)


def target(id: str = arn("sqs", "orders-failed"), kind: str = "sqs", **changes: Any) -> Target:
    """An existing queue of the own account."""
    sound = Target(id=id, kind=kind, account=ACCOUNT, exists=Known(True, "sqs:GetQueueAttributes"))
    return replace(sound, **changes)


def async_settings(**changes: Any) -> AsyncSettings:
    """Two retries, an hour, and a failure destination."""
    sound = AsyncSettings(qualifier=None, max_retries=2, max_age_seconds=3600, on_failure=target(), on_success=None)
    return replace(sound, **changes)


def failures(**changes: Any) -> FailureHandling:
    """A dead-letter queue and a failure destination."""
    sound = FailureHandling(
        dead_letter=Known(target(), LISTED),
        settings=Known((async_settings(),), "lambda:ListFunctionEventInvokeConfigs"),
    )
    return replace(sound, **changes)


def log_group(name: str = "/aws/lambda/orders", **changes: Any) -> LogGroup:
    """A group kept for a year, encrypted with the own key."""
    sound = LogGroup(id=arn("logs", f"log-group:{name}"), name=name, retention_days=365, key=key().id)
    return replace(sound, **changes)


def logging(name: str = "orders", **changes: Any) -> Logging:
    """JSON logs to the expected group."""
    expected = f"/aws/lambda/{name}"
    sound = Logging(
        configured=True,
        group_name=expected,
        expected_group=expected,
        format="JSON",
        application_level="INFO",
        system_level="INFO",
        group=Known(log_group(expected), "logs:DescribeLogGroups"),
    )
    return replace(sound, **changes)


def trail(coverage: TrailCoverage = TrailCoverage.ALL, **changes: Any) -> Trail:
    """A logging trail."""
    sound = Trail(
        id=arn("cloudtrail", "trail/audit"),
        logging=Known(True, "cloudtrail:GetTrailStatus"),
        coverage=Known(coverage, "cloudtrail:GetEventSelectors"),
        functions=(),
    )
    return replace(sound, **changes)


def mount(**changes: Any) -> Mount:
    """An encrypted shared file system behind an access point with its own directory and user."""
    sound = Mount(
        id=arn("elasticfilesystem", "access-point/fsap-0a1b2c3d"),
        path="/mnt/data",
        exists=Known(True, "elasticfilesystem:DescribeAccessPoints"),
        root_directory=Known("/orders", "elasticfilesystem:DescribeAccessPoints"),
        posix_user=Known(True, "elasticfilesystem:DescribeAccessPoints"),
        encrypted=Known(True, "elasticfilesystem:DescribeFileSystems"),
        open_policy=Known(None, "elasticfilesystem:DescribeFileSystemPolicy"),
    )
    return replace(sound, **changes)


# Subjects


def alarm(metric: str = "Errors", **changes: Any) -> Alarm:
    """An alarm of the function that notifies somebody."""
    return replace(Alarm(name=f"orders-{metric}", metric=metric, acts=True, everywhere=False), **changes)


def make(name: str = "orders", **changes: Any) -> Function:
    """A sound function: nothing any check objects to, every fact known."""
    sound = Function(
        id=arn("lambda", f"function:{name}"),
        name=name,
        cloud=Cloud.AWS,
        scope=SCOPE,
        location=REGION,
        source=LISTED,
        tags=Known(Tags({"owner": "payments", "data-classification": "internal"}), "tagging:GetResources"),
        runtime=Known("python3.14", LISTED),
        architectures=Known(("arm64",), LISTED),
        identity=Known(identity(own_logs(name), grant()), LISTED),
        policies=Known(
            tuple(QualifiedPolicy(qualifier=q, statements=Known((), "lambda:GetPolicy")) for q in (None, "live")),
            "lambda:ListAliases",
        ),
        endpoints=Known((), "lambda:ListFunctionUrlConfigs"),
        triggers=triggers(trigger()),
        aliases=Known((Alias(name="live", version="7", weights=()),), "lambda:ListAliases"),
        environment=Known(environment(variable("LOG_LEVEL", value="INFO")), LISTED),
        environment_key=Known(key(), LISTED),
        network=Known(network(), LISTED),
        code=code(),
        limits=limits(),
        failures=failures(),
        logging=Known(logging(name), LISTED),
        tracing=Known(True, LISTED),
        mounts=Known((), LISTED),
        deployment=Known(
            Deployment(
                build=Build(deployed_at=Known("2026-06-01T08:00:00.000+0000", LISTED)),
                revisions=Revisions(secrets=Known((), LISTED)),
            ),
            LISTED,
        ),
        monitoring=Known(Monitoring(usage=Known(usage(), METRICS)), LISTED),
        gateways=Known((), "apigatewayv2:GetRoutes"),
        gateways_listed=Known(True, "apigatewayv2:GetRoutes"),
        served=Known((), LISTED),
        alarms=Known((alarm(), alarm("IteratorAge")), "cloudwatch:DescribeAlarms"),
        detections=Known((), "guardduty:GetFindings"),
        effective_permissions=Known(effective_permissions(), ROLES),
    )
    return replace(sound, **changes)


def usage(**changes: Any) -> Usage:
    """A steady hundred executions a day, none failed or throttled, of which the longest took half of the timeout."""
    sound = Usage(
        executions_30_days=Known(3000, METRICS),
        executions_90_days=Known(9000, METRICS),
        failed=Known(0.0, METRICS),
        recent_per_day=Known(100.0, METRICS),
        executions_before=Known(100.0, METRICS),
        days=90,
        executions=Known(9000, METRICS),
        idle_days=Known(0, METRICS),
        peak_memory=Known(0.5, METRICS),
        throttled=Known(0, METRICS),
        average_ms=Known(1_000.0, METRICS),
        longest_ms=Known(5_000.0, METRICS),
    )
    return replace(sound, **changes)


def measured(**of: Any) -> Function:
    """A function as it was measured: :func:`usage` with the changes given, and the function's own under ``more``."""
    more = of.pop("more", {})
    return make(monitoring=Known(Monitoring(usage=Known(usage(**of), METRICS)), LISTED), **more)


def effective_permissions(**changes: Any) -> EffectivePermissions:
    """An identity that leads nowhere, of a function that nobody but the account's administrator can take over."""
    sound = EffectivePermissions(
        capabilities=(),
        escalation=(),
        takeover=(),
        takers=0,
        takers_complete=Known(True, ROLES),
        administrator=False,
        administrators=(f"arn:aws:iam::{ACCOUNT}:role/administrator",),
        before=(),
        further=(),
        first_steps=(),
        complete=Known(True, ROLES),
    )
    return replace(sound, **changes)


def make_image(name: str = "orders", **changes: Any) -> Function:
    """A sound function delivered as a container image."""
    return make(name, **({"runtime": Known(None, LISTED), "code": image_code()} | changes))


def policies(*statements: AccessGrant, qualifier: str | None = None) -> Known[tuple[QualifiedPolicy, ...]]:
    """The resource policy of one qualifier, as the ``policies`` of a function."""
    own = QualifiedPolicy(qualifier=qualifier, statements=Known(statements, "lambda:GetPolicy"))
    return Known((own,), "lambda:ListAliases")


def location(**changes: Any) -> Location:
    """A region in which everything that watches is on."""
    sound = Location(
        id=LOCATION_ID,
        cloud=Cloud.AWS,
        scope=SCOPE,
        location=REGION,
        functions=Known(12, LISTED),
        threat_detection=Known(True, "guardduty:GetDetector"),
        package_scanning=Known(True, "inspector2:BatchGetAccountStatus"),
        code_scanning=Known(True, "inspector2:BatchGetAccountStatus"),
        recording=Known(True, "config:DescribeConfigurationRecorderStatus"),
        access_analysis=Known((), "access-analyzer:ListFindings"),
        trace_key=Known(True, "xray:GetEncryptionConfig"),
        trails=Known((trail(),), "cloudtrail:DescribeTrails"),
        unreserved_concurrency=Known(880, "lambda:GetAccountSettings"),
        concurrency_limit=Known(1000, "lambda:GetAccountSettings"),
        code_stored=Known(1024**3, "lambda:GetAccountSettings"),
        code_limit=Known(75 * 1024**3, "lambda:GetAccountSettings"),
        orphaned_logs=Known((), "logs:DescribeLogGroups"),
        log_policies=Known((), "logs:DescribeResourcePolicies"),
    )
    return replace(sound, **changes)


def scope(**changes: Any) -> Scope:
    """The test account."""
    sound = Scope(
        id=SCOPE,
        cloud=Cloud.AWS,
        name="orders-prod",
        locations=(REGION,),
        spend_alerts=Known(("monthly",), "budgets:DescribeBudgets"),
    )
    return replace(sound, **changes)


@dataclass(frozen=True)
class Surroundings:
    """The context of a judgement: the date, the settings, one place for every function, who shares a role."""

    today: date = TODAY
    settings: CheckSettings = field(default_factory=CheckSettings)
    prices: PriceList = SHIPPED
    where: Location = field(default_factory=location)
    sharing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audited: tuple[str, ...] = (ACCOUNT,)
    unread: Mapping[str, Gap] = field(default_factory=dict)
    circles: tuple[Loop, ...] = ()
    scopes: tuple[Scope, ...] = ()
    functions: tuple[Function, ...] = ()

    @property
    def ceilings(self) -> Ceilings:
        """Reckoned anew each time: functions of a test are alike but for what it changes."""
        return Ceilings(self.prices, self.settings.spend_per_hour)

    def location(self, function: Function) -> Location:
        """The one place."""
        if function.location != self.where.location:
            raise KeyError(function.location)
        return self.where

    def function(self, function_id: str) -> Function | None:
        return None

    def functions_with_identity(self, identity: str) -> tuple[str, ...]:
        """The names given for the identity; none by default."""
        return self.sharing.get(identity, ())

    def functions_running_as(self, identity: str) -> tuple[Function, ...]:
        """Of the functions given, those whose identity it is; none by default."""
        held = (each for each in self.functions if isinstance(each.identity, Known) and each.identity.value is not None)
        return tuple(each for each in held if each.identity.value.id == identity)

    def unread_identities(self, cloud: Cloud, scope: str | None = None) -> Gap | None:
        """The gap given for the scope (for any, if none is asked for); none by default."""
        found = (gap for where, gap in self.unread.items() if where.startswith(cloud) and scope in (None, where))
        return next(found, None)

    def unlisted(self, cloud: Cloud) -> Gap | None:
        """Of every scope alike: the first gap given."""
        return self.unread_identities(cloud)

    def loops(self, function: Function) -> tuple[Loop, ...]:
        """The loops given that go through the function; none by default."""
        return tuple(loop for loop in self.circles if function.id in loop.functions)

    def loops_unread(self, function: Function) -> Gap | None:
        """The gap given for the function."""
        return self.unread.get(function.id)

    def trusted(self, account: str) -> bool:
        """The audited account and those the settings trust."""
        return account in self.audited or account in self.settings.trusted_accounts

    def role_paths(self, cloud: Cloud) -> RolePaths:
        """Over the scopes and functions given."""
        scopes = (scope for scope in self.scopes if scope.cloud is cloud)
        return RolePaths(RoleEstate(scopes, (each for each in self.functions if each.cloud is cloud)), cloud)


def settings(**changes: Any) -> Surroundings:
    """Surroundings with the operator's settings changed."""
    return Surroundings(settings=CheckSettings(**changes))


def verdicts(check: Check, subjects: Mapping[str, Subject], context: Context | None = None) -> dict[str, Status]:
    """The engine's verdict on each named subject."""
    surroundings = context or Surroundings()
    return {name: judge(check, subject, surroundings).status for name, subject in subjects.items()}


def found(check: Check, subject: Subject, context: Context | None = None) -> tuple[Hit, ...]:
    """The hits on one subject, in order; fails where the check crashed."""
    judgement = judge(check, subject, context or Surroundings())
    assert judgement.status is not Status.ERROR, judgement.note
    return tuple(judgement.hits)


def only(check: Check, subject: Subject, context: Context | None = None) -> Hit:
    """The one hit on a subject; fails the test where there is not exactly one."""
    (hit,) = found(check, subject, context)
    return hit
