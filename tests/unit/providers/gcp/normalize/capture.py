"""A capture in memory, and the answers of a small project in which every fact can be read."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from providers.gcp.operations import CONSTRAINTS
from tests.unit.providers import memory
from tests.unit.providers.memory import MemoryCapture

PROJECT = "fernhollow-shop"
NUMBER = "111122223333"
FOREIGN = "elsewhere-labs"
REGION = "europe-west1"
GLOBAL = "global"
FOLDER = "folders/22"
ORGANISATION = "organizations/33"
OWN_LEVEL = f"projects/{PROJECT}"

WHERE = f"projects/{PROJECT}/locations/{REGION}"
RESIZE = f"{WHERE}/functions/resize"
ORDERS = f"{WHERE}/functions/orders"
ORDERS_SERVICE = f"{WHERE}/services/orders"
CHECKOUT = f"{WHERE}/services/checkout"
TOPIC = f"projects/{PROJECT}/topics/orders"
TRIGGER = f"{WHERE}/triggers/orders-1"
SUBSCRIPTION = f"projects/{PROJECT}/subscriptions/eventarc-orders"
KEY = f"{WHERE}/keyRings/ring/cryptoKeys/functions"
CONNECTOR = f"{WHERE}/connectors/egress"
SECRET = f"projects/{PROJECT}/secrets/database"
ACCOUNT = f"orders@{PROJECT}.iam.gserviceaccount.com"
COMPUTE = f"{NUMBER}-compute@developer.gserviceaccount.com"
APPSPOT = f"{PROJECT}@appspot.gserviceaccount.com"
ROLE = f"projects/{PROJECT}/roles/deployer"
RESIZE_URL = f"https://{REGION}-{PROJECT}.cloudfunctions.net/resize"
ORDERS_URL = "https://orders-abc-ew.a.run.app"
CHECKOUT_URL = "https://checkout-abc-ew.a.run.app"


def facts(depth: Depth = Depth.FULL, scopes: tuple[str, ...] = (PROJECT,)) -> CaptureFacts:
    return memory.facts(depth, *((Cloud.GCP, scope, (REGION,)) for scope in scopes))


def ok(
    operation: str, body: Any, subject: str = "", page: int = 0, location: str = GLOBAL, scope: str = PROJECT
) -> Envelope:
    return Envelope(Cloud.GCP, scope, location, operation, subject, page, Outcome.OK, deepcopy(body))


def absent(operation: str, subject: str = "", location: str = GLOBAL) -> Envelope:
    return Envelope(Cloud.GCP, PROJECT, location, operation, subject, 0, Outcome.ABSENT)


def denied(
    operation: str,
    subject: str = "",
    page: int = 0,
    reason: GapReason = GapReason.DENIED,
    location: str = GLOBAL,
) -> Envelope:
    return Envelope(Cloud.GCP, PROJECT, location, operation, subject, page, Outcome.GAP, None, reason, None, "withheld")


def variable(verdict: str = "clear", digest: str = "0123456789abcdef", **rest: Any) -> dict[str, Any]:
    judged: dict[str, Any] = {
        "length": 12,
        "verdict": verdict,
        "confidence": "high" if verdict == "secret" else None,
        "detector": "provider-key" if verdict == "secret" else None,
        "reference": None,
        "digest": digest,
        "value": None,
    }
    return {"$variable": judged | rest}


def resize() -> dict[str, Any]:
    """A first-generation function with an address, as version 2 of the API writes it."""
    return {
        "name": RESIZE,
        "environment": "GEN_1",
        "state": "ACTIVE",
        "updateTime": "2026-10-01T08:00:00Z",
        "labels": {"team": "pictures"},
        "kmsKeyName": KEY,
        "url": RESIZE_URL,
        "upgradeInfo": {"upgradeState": "SETUP_FUNCTION_UPGRADE_CONFIG_SUCCESSFUL"},
        "buildConfig": {
            "runtime": "python312",
            "entryPoint": "main",
            "source": {"repoSource": {"repoName": "pictures", "branchName": "main"}},
            "dockerRegistry": "ARTIFACT_REGISTRY",
            "automaticUpdatePolicy": {},
            "serviceAccount": f"projects/{PROJECT}/serviceAccounts/builder@{PROJECT}.iam.gserviceaccount.com",
            "workerPool": f"{WHERE}/workerPools/private",
            "environmentVariables": {"PIP_TOKEN": variable("secret")},
        },
        "serviceConfig": {
            "timeoutSeconds": 60,
            "availableMemory": "256M",
            "environmentVariables": {"API_KEY": variable("secret"), "LOG_LEVEL": variable(value="INFO")},
            "maxInstanceCount": 3000,
            "minInstanceCount": 1,
            "vpcConnector": CONNECTOR,
            "vpcConnectorEgressSettings": "ALL_TRAFFIC",
            "ingressSettings": "ALLOW_ALL",
            "uri": RESIZE_URL,
            "serviceAccountEmail": APPSPOT,
            "securityLevel": "SECURE_OPTIONAL",
            "secretEnvironmentVariables": [
                {"key": "DB", "projectId": NUMBER, "secret": "database", "version": "latest"},
            ],
            "secretVolumes": [
                {
                    "mountPath": "/etc/keys",
                    "projectId": PROJECT,
                    "secret": "database",
                    "versions": [{"version": "3", "path": "db"}],
                },
            ],
        },
    }


def orders() -> dict[str, Any]:
    """A second-generation function that a topic starts."""
    return {
        "name": ORDERS,
        "environment": "GEN_2",
        "state": "FAILED",
        "stateMessages": [{"severity": "ERROR", "type": "CloudRunServiceNotFound", "message": "no such image"}],
        "updateTime": "2026-11-01T08:00:00Z",
        "createTime": "2025-03-01T08:00:00Z",
        "url": f"https://{REGION}-{PROJECT}.cloudfunctions.net/orders",
        "buildConfig": {
            "runtime": "nodejs18",
            "source": {"storageSource": {"bucket": f"gcf-v2-sources-{NUMBER}-{REGION}", "object": "orders.zip"}},
            "dockerRepository": f"{WHERE}/repositories/gcf-artifacts",
            "onDeployUpdatePolicy": {"runtimeVersion": "nodejs18_20260901"},
        },
        "serviceConfig": {
            "service": ORDERS_SERVICE,
            "timeoutSeconds": 540,
            "availableMemory": "512Mi",
            "availableCpu": "0.3333",
            "maxInstanceCount": 100,
            "ingressSettings": "ALLOW_INTERNAL_ONLY",
            "uri": ORDERS_URL,
            "serviceAccountEmail": ACCOUNT,
            "allTrafficOnLatestRevision": True,
            "maxInstanceRequestConcurrency": 1,
            "environmentVariables": {"QUEUE": variable(digest="aa")},
        },
        "eventTrigger": {
            "trigger": TRIGGER,
            "triggerRegion": REGION,
            "eventType": "google.cloud.pubsub.topic.v1.messagePublished",
            "pubsubTopic": TOPIC,
            "serviceAccountEmail": ACCOUNT,
            "retryPolicy": "RETRY_POLICY_RETRY",
        },
    }


def orders_service() -> dict[str, Any]:
    """The service behind it, edited by hand in Cloud Run."""
    return {
        "name": ORDERS_SERVICE,
        "uri": ORDERS_URL,
        "urls": [ORDERS_URL],
        "labels": {"goog-managed-by": "cloudfunctions"},
        "ingress": "INGRESS_TRAFFIC_ALL",
        "invokerIamDisabled": True,
        "threatDetectionEnabled": True,
        "latestReadyRevision": f"{ORDERS_SERVICE}/revisions/orders-00002-new",
        "traffic": [
            {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 90},
            {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": "orders-00001-old", "percent": 10},
        ],
        "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"},
        "template": {
            "serviceAccount": ACCOUNT,
            "timeout": "540s",
            "maxInstanceRequestConcurrency": 1,
            "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN1",
            "scaling": {"maxInstanceCount": 100},
            "containers": [
                {
                    "image": f"{REGION}-docker.pkg.dev/{PROJECT}/gcf-artifacts/orders:version_1",
                    "ports": [{"containerPort": 8080}],
                    "env": [
                        {"name": "QUEUE", "value": variable(digest="aa")},
                        {"name": "DEBUG_TOKEN", "value": variable("secret", digest="bb")},
                        {"name": "LOG_EXECUTION_ID", "value": variable(digest="cc")},
                    ],
                    "resources": {"limits": {"cpu": "0.3333", "memory": "512Mi"}, "cpuIdle": True},
                    "startupProbe": {"tcpSocket": {"port": 8080}},
                }
            ],
        },
    }


def checkout() -> dict[str, Any]:
    """A function that only Cloud Run knows."""
    return {
        "name": CHECKOUT,
        "uri": CHECKOUT_URL,
        "labels": {"team": "checkout"},
        "ingress": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
        "iapEnabled": True,
        "defaultUriDisabled": True,
        "sshEnabled": True,
        "customAudiences": ["https://checkout.fernhollow.example"],
        "updateTime": "2026-11-20T08:00:00Z",
        "createTime": "2025-03-01T08:00:00Z",
        "binaryAuthorization": {"useDefault": True, "breakglassJustification": "outage of 3 November"},
        "latestReadyRevision": f"{CHECKOUT}/revisions/checkout-00003-a",
        "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
        "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"},
        "buildConfig": {
            "functionTarget": "checkout",
            "baseImage": f"{REGION}-docker.pkg.dev/serverless-runtimes/google-22/runtimes/python313",
            "enableAutomaticUpdates": True,
            "sourceLocation": f"gs://run-sources-{PROJECT}-{REGION}/services/checkout/1.zip",
            "environmentVariables": {"STAGE": variable()},
        },
        "template": {
            "serviceAccount": COMPUTE,
            "timeout": "3600s",
            "maxInstanceRequestConcurrency": 80,
            "encryptionKey": KEY,
            "scaling": {"maxInstanceCount": 20, "minInstanceCount": 2},
            "vpcAccess": {
                "networkInterfaces": [{"network": "default", "subnetwork": "default"}],
                "egress": "PRIVATE_RANGES_ONLY",
            },
            "containers": [
                {
                    "image": f"{REGION}-docker.pkg.dev/{PROJECT}/own/checkout@sha256:{'ab' * 32}",
                    "ports": [{"containerPort": 8080}],
                    "env": [{"name": "STAGE", "value": variable()}],
                    "envSources": [
                        {"name": "DB", "valueSource": {"secretKeyRef": {"secret": "database", "version": "2"}}}
                    ],
                    "resources": {"limits": {"cpu": "4", "memory": "2Gi", "nvidia.com/gpu": "1"}, "cpuIdle": False},
                    "livenessProbe": {"httpGet": {"path": "/healthz"}},
                }
            ],
        },
    }


def binding(role: str, *members: str, expression: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"role": role, "members": list(members)}
    return body if expression is None else body | {"condition": {"title": "when", "expression": expression}}


def policy(*bindings: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "etag": "BwYCcnf5oMo=", "bindings": list(bindings)}


def account_key(**changes: Any) -> dict[str, Any]:
    """A key that somebody made, as ``projects.serviceAccounts.keys.list`` tells it."""
    return {
        "name": f"projects/{PROJECT}/serviceAccounts/{ACCOUNT}/keys/{'4f' * 20}",
        "validAfterTime": "2026-03-01T09:00:00Z",
        "validBeforeTime": "9999-12-31T23:59:59Z",
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyOrigin": "GOOGLE_PROVIDED",
        "keyType": "USER_MANAGED",
        **changes,
    }


def deny_name(attached: str, name: str = "rules") -> str:
    """The name of a deny policy as IAM v2 writes it."""
    return f"policies/cloudresourcemanager.googleapis.com%2F{attached.replace('/', '%2F')}/denypolicies/{name}"


def deny_policy(
    denied: Iterable[str],
    permissions: Iterable[str],
    *,
    excepted: Iterable[str] = (),
    allowed: Iterable[str] = (),
    condition: str = "",
) -> Envelope:
    """The deny policy of the project, with one rule."""
    rule = {
        "deniedPrincipals": list(denied),
        "exceptionPrincipals": list(excepted),
        "deniedPermissions": list(permissions),
        "exceptionPermissions": list(allowed),
    }
    under = {"denialCondition": {"title": "tagged", "expression": condition}} if condition else {}
    body = {
        "name": deny_name(f"projects/{NUMBER}"),
        "kind": "DenyPolicy",
        "rules": [{"denyRule": {key: value for key, value in rule.items() if value} | under}],
    }
    return ok("iam:GetDenyPolicy", body, f"{OWN_LEVEL}/denypolicies/rules")


def asset(kind: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "assetType": kind,
        "resource": {"version": "v1", "data": data},
        "ancestors": [f"projects/{NUMBER}", FOLDER, ORGANISATION],
    }


def guarded(kind: str, name: str, *bindings: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "assetType": kind, "iamPolicy": policy(*bindings)}


def envelopes() -> list[Envelope]:
    """The answers of the project."""
    asked = [*_hierarchy(), *_functions(), *_policies(), *_referred(), *_watched()]
    return [
        *asked,
        ok("asset:ListResources", {"assets": _assets(asked)}),
        ok("asset:ListPolicies", {"assets": _guards(asked)}),
    ]


KINDS = {
    "iam:ListServiceAccounts": ("accounts", "iam.googleapis.com/ServiceAccount"),
    "eventarc:ListTriggers": ("triggers", "eventarc.googleapis.com/Trigger"),
    "pubsub:ListSubscriptions": ("subscriptions", "pubsub.googleapis.com/Subscription"),
    "cloudscheduler:ListJobs": ("jobs", "cloudscheduler.googleapis.com/Job"),
    "cloudtasks:ListQueues": ("queues", "cloudtasks.googleapis.com/Queue"),
    "workflows:ListWorkflows": ("workflows", "workflows.googleapis.com/Workflow"),
    "secretmanager:ListSecrets": ("secrets", "secretmanager.googleapis.com/Secret"),
    "vpcaccess:ListConnectors": ("connectors", "vpcaccess.googleapis.com/Connector"),
    "run:ListServices": ("services", "run.googleapis.com/Service"),
    "functions:ListFunctions": ("functions", "cloudfunctions.googleapis.com/Function"),
}
"""What the bulk inventory lists as well, and as which type."""


def _assets(asked: list[Envelope]) -> list[dict[str, Any]]:
    """The same resources as the bulk inventory lists them."""
    found = [
        asset("pubsub.googleapis.com/Topic", f"//pubsub.googleapis.com/{TOPIC}", {"name": TOPIC}),
        asset("storage.googleapis.com/Bucket", "//storage.googleapis.com/shop-pictures", {"name": "shop-pictures"}),
    ]
    for envelope in asked:
        key, kind = KINDS.get(envelope.operation, ("", ""))
        host = kind.partition("/")[0]
        found += [asset(kind, f"//{host}/{item['name']}", item) for item in envelope.body.get(key, [])]
        if envelope.operation == "cloudkms:GetCryptoKey":
            found.append(asset("cloudkms.googleapis.com/CryptoKey", f"//cloudkms.googleapis.com/{KEY}", envelope.body))
    return deepcopy(found)


def _guards(asked: list[Envelope]) -> list[dict[str, Any]]:
    """The policies of resources as the bulk inventory lists them: those that bind anybody."""
    found = [
        guarded(
            "cloudfunctions.googleapis.com/CloudFunction",
            f"//cloudfunctions.googleapis.com/{RESIZE}",
            binding("roles/cloudfunctions.invoker", "allUsers"),
        ),
        guarded(
            "run.googleapis.com/Service",
            f"//run.googleapis.com/{CHECKOUT}",
            binding("roles/run.invoker", f"serviceAccount:web@{FOREIGN}.iam.gserviceaccount.com"),
        ),
        guarded(
            "pubsub.googleapis.com/Topic",
            f"//pubsub.googleapis.com/{TOPIC}",
            binding("roles/pubsub.publisher", "allAuthenticatedUsers"),
        ),
        guarded(
            "secretmanager.googleapis.com/Secret",
            f"//secretmanager.googleapis.com/projects/{NUMBER}/secrets/database",
            binding("roles/secretmanager.secretAccessor", f"serviceAccount:{APPSPOT}"),
        ),
    ]
    for envelope in asked:
        name = envelope.subject.removeprefix("projects/_/buckets/")
        if envelope.operation == "storage:GetBucketPolicy":
            found.append(
                guarded("storage.googleapis.com/Bucket", f"//storage.googleapis.com/{name}", *envelope.body["bindings"])
            )
        if envelope.operation == "artifactregistry:GetRepositoryPolicy" and "bindings" in envelope.body:
            full = f"//artifactregistry.googleapis.com/{name}"
            found.append(guarded("artifactregistry.googleapis.com/Repository", full, *envelope.body["bindings"]))
    return deepcopy(found)


def _hierarchy() -> list[Envelope]:
    row = {"name": f"projects/{NUMBER}", "projectId": PROJECT, "parent": FOLDER, "state": "ACTIVE"}
    return [
        ok("resourcemanager:SearchProjects", {"projects": [row]}),
        ok(
            "resourcemanager:GetProjectPolicy",
            policy(
                binding("roles/owner", "user:ada@fernhollow.example"),
                binding(
                    "roles/editor",
                    f"serviceAccount:{COMPUTE}",
                    f"serviceAccount:{NUMBER}@cloudservices.gserviceaccount.com",
                ),
                binding("roles/viewer", "group:everyone@fernhollow.example"),
                binding("roles/pubsub.publisher", f"serviceAccount:{ACCOUNT}"),
                binding(ROLE, f"serviceAccount:{APPSPOT}"),
            )
            | {
                "auditConfigs": [
                    {
                        "service": "allServices",
                        "auditLogConfigs": [
                            {"logType": "DATA_READ", "exemptedMembers": ["user:ada@fernhollow.example"]},
                            {"logType": "ADMIN_READ"},
                        ],
                    }
                ]
            },
        ),
        *(
            ok("iam:GetServiceAccountPolicy", policy(), f"projects/-/serviceAccounts/{each}")
            for each in (ACCOUNT, COMPUTE, APPSPOT)
        ),
        *(
            ok("iam:ListServiceAccountKeys", body, f"projects/-/serviceAccounts/{each}")
            for each, body in ((ACCOUNT, {"keys": [account_key()]}), (COMPUTE, {}), (APPSPOT, {}))
        ),
        ok(
            "iam:ListDenyPolicies",
            {"policies": [{"name": deny_name(f"projects/{NUMBER}"), "kind": "DenyPolicy"}]},
            OWN_LEVEL,
        ),
        ok("iam:ListDenyPolicies", {}, FOLDER),
        ok("iam:ListDenyPolicies", {}, ORGANISATION),
        deny_policy(
            denied=("principalSet://goog/public:all",),
            excepted=("principalSet://goog/group/keys@fernhollow.example",),
            permissions=("iam.googleapis.com/serviceAccountKeys.*",),
            allowed=("iam.googleapis.com/serviceAccountKeys.list",),
        ),
        ok("resourcemanager:GetFolder", {"name": FOLDER, "parent": ORGANISATION}, FOLDER),
        ok(
            "resourcemanager:GetFolderPolicy",
            policy(binding("roles/run.invoker", "domain:fernhollow.example")),
            FOLDER,
        ),
        ok("resourcemanager:GetOrganization", {"displayName": "fernhollow.example"}, ORGANISATION),
        ok(
            "resourcemanager:GetOrganizationPolicy",
            policy(binding("roles/cloudbuild.builds.editor", f"serviceAccount:{ACCOUNT}", expression="true")),
            ORGANISATION,
        ),
    ]


def _functions() -> list[Envelope]:
    old = {"name": f"{ORDERS_SERVICE}/revisions/orders-00000-gone", "containers": [
        {"image": "x", "env": [{"name": "OLD_KEY", "value": variable("secret")}]}
    ]}  # fmt: skip
    return [
        ok("functions:ListFunctions", {"functions": [resize()]}),
        ok("functions:ListFunctions", {"functions": [orders()]}, page=1),
        ok("run:ListServices", {"services": [orders_service(), checkout()]}, location=REGION),
        ok("run:ListRevisions", {"revisions": [old]}, ORDERS_SERVICE, location=REGION),
        ok("run:ListRevisions", {}, CHECKOUT, location=REGION),
        ok(
            "functions:ListRuntimes",
            {
                "runtimes": [
                    {
                        "name": "python312",
                        "environment": "GEN_1",
                        "stage": "GA",
                        "deprecationDate": {"year": 2028, "month": 10, "day": 2},
                    },
                    {
                        "name": "nodejs18",
                        "environment": "GEN_2",
                        "stage": "DEPRECATED",
                        "deprecationDate": {"year": 2025, "month": 4, "day": 30},
                        "decommissionDate": {"year": 2025, "month": 10, "day": 30},
                    },
                    {"name": "python313", "environment": "GEN_2", "stage": "BETA"},
                ]
            },
            location=REGION,
        ),
    ]


def _policies() -> list[Envelope]:
    return [
        ok("iam:GetRole", {"name": ROLE, "includedPermissions": ["run.services.update"]}, ROLE),
        ok(
            "iam:ListServiceAccounts",
            {
                "accounts": [
                    {"name": f"projects/{PROJECT}/serviceAccounts/{ACCOUNT}", "email": ACCOUNT},
                    {"name": f"projects/{PROJECT}/serviceAccounts/{COMPUTE}", "email": COMPUTE, "disabled": True},
                    {"name": f"projects/{PROJECT}/serviceAccounts/{APPSPOT}", "email": APPSPOT},
                ]
            },
        ),
    ]


def _bucket(name: str, *bindings: dict[str, Any]) -> Envelope:
    return ok("storage:GetBucketPolicy", policy(*bindings), f"projects/_/buckets/{name}")


def _referred() -> list[Envelope]:
    artifacts = "artifactregistry:GetRepositoryPolicy"
    return [
        ok(
            "eventarc:ListTriggers",
            {
                "triggers": [
                    {
                        "name": TRIGGER,
                        "serviceAccount": ACCOUNT,
                        "destination": {"cloudFunction": ORDERS},
                        "transport": {"pubsub": {"topic": TOPIC, "subscription": SUBSCRIPTION}},
                        "eventFilters": [
                            {"attribute": "type", "value": "google.cloud.pubsub.topic.v1.messagePublished"}
                        ],
                    },
                    {
                        "name": f"{WHERE}/triggers/pictures",
                        "serviceAccount": f"web@{FOREIGN}.iam.gserviceaccount.com",
                        "destination": {"cloudRun": {"service": "checkout", "region": REGION}},
                        "transport": {"pubsub": {"topic": TOPIC, "subscription": SUBSCRIPTION}},
                        "eventFilters": [
                            {"attribute": "type", "value": "google.cloud.storage.object.v1.finalized"},
                            {"attribute": "bucket", "value": "shop-pictures"},
                            {"attribute": "name", "value": "/in/**", "operator": "match-path-pattern"},
                        ],
                    },
                ]
            },
        ),
        ok("eventarc:ListChannels", {"channels": [{"name": f"{WHERE}/channels/partner"}]}),
        ok(
            "pubsub:ListSubscriptions",
            {
                "subscriptions": [
                    {
                        "name": SUBSCRIPTION,
                        "topic": TOPIC,
                        "deadLetterPolicy": {"deadLetterTopic": f"{TOPIC}-dead"},
                        "pushConfig": {
                            "pushEndpoint": ORDERS_URL,
                            "oidcToken": {"serviceAccountEmail": ACCOUNT},
                        },
                    }
                ]
            },
        ),
        ok(
            "cloudscheduler:ListJobs",
            {
                "jobs": [
                    {
                        "name": f"{WHERE}/jobs/nightly",
                        "httpTarget": {"uri": f"{RESIZE_URL}/run", "uriQuery": {"key": variable("secret")}},
                    }
                ]
            },
            location=REGION,
        ),
        ok(
            "cloudtasks:ListQueues",
            {
                "queues": [
                    {
                        "name": f"{WHERE}/queues/orders",
                        "httpTarget": {
                            "uriOverride": {
                                "host": CHECKOUT_URL.removeprefix("https://"),
                                "pathOverride": {"path": "tasks"},
                            },
                            "oidcToken": {"serviceAccountEmail": ACCOUNT},
                        },
                    }
                ]
            },
            location=REGION,
        ),
        ok(
            "workflows:ListWorkflows",
            {
                "workflows": [
                    {
                        "name": f"{WHERE}/workflows/weekly",
                        "serviceAccount": f"projects/{PROJECT}/serviceAccounts/{ACCOUNT}",
                        "calls": [
                            {"address": f"{CHECKOUT_URL.removeprefix('https://')}/weekly", "token": "OIDC"},
                            {"address": "api.partner.example/rates", "token": ""},
                        ],
                    }
                ]
            },
            location=REGION,
        ),
        _bucket("shop-pictures", binding("roles/storage.objectCreator", "domain:fernhollow.example")),
        _bucket(
            f"gcf-sources-{NUMBER}-{REGION}", binding("roles/storage.legacyBucketOwner", f"projectOwner:{PROJECT}")
        ),
        _bucket(f"gcf-v2-sources-{NUMBER}-{REGION}", binding("roles/storage.objectAdmin", "user:eve@gmail.com")),
        _bucket(f"run-sources-{PROJECT}-{REGION}", binding("roles/storage.objectViewer", "allUsers")),
        ok(
            artifacts,
            policy(binding("roles/artifactregistry.writer", f"serviceAccount:ci@{FOREIGN}.iam.gserviceaccount.com")),
            f"{WHERE}/repositories/gcf-artifacts",
            location=REGION,
        ),
        ok(artifacts, {"etag": "ACAB"}, f"{WHERE}/repositories/own", location=REGION),
        ok(
            "secretmanager:ListSecrets",
            {
                "secrets": [
                    {
                        "name": f"projects/{NUMBER}/secrets/database",
                        "replication": {"automatic": {"customerManagedEncryption": {"kmsKeyName": KEY}}},
                        "rotation": {"rotationPeriod": "7776000s"},
                    }
                ]
            },
        ),
        ok(
            "vpcaccess:ListConnectors",
            {"connectors": [{"name": CONNECTOR, "network": "default", "state": "ERROR"}]},
            location=REGION,
        ),
        ok(
            "cloudkms:GetCryptoKey",
            {
                "name": KEY,
                "purpose": "ENCRYPT_DECRYPT",
                "primary": {"name": f"{KEY}/cryptoKeyVersions/1", "state": "DISABLED"},
                "rotationPeriod": "7776000s",
            },
            KEY,
            location=REGION,
        ),
    ]


def series(metric: str, labels: dict[str, str], *points: tuple[str, Any], **told: str) -> dict[str, Any]:
    return {
        "metric": {"type": metric, "labels": told},
        "resource": {"labels": {"project_id": PROJECT, **labels}},
        "points": [
            {"interval": {"startTime": "2026-01-01T00:00:00Z", "endTime": end}, "value": value} for end, value in points
        ],
    }


def _watched() -> list[Envelope]:
    executions = "cloudfunctions.googleapis.com/function/execution_count"
    requests = "run.googleapis.com/request_count"
    memory = "run.googleapis.com/container/memory/utilizations"
    link = f"https://www.googleapis.com/compute/v1/projects/{PROJECT}"
    neg = f"{link}/regions/{REGION}/networkEndpointGroups/checkout"
    mine = {"function_name": "resize", "region": REGION}
    service = {"service_name": "checkout", "location": REGION}
    return [
        ok(
            "monitoring:ListTimeSeries",
            {
                "timeSeries": [
                    series(
                        executions,
                        mine,
                        ("2026-11-22T10:00:00Z", {"int64Value": "70"}),
                        ("2026-11-12T10:00:00Z", {"int64Value": "14"}),
                        ("2026-09-12T10:00:00Z", {"int64Value": "100"}),
                        status="ok",
                    ),
                    series(executions, mine, ("2026-11-22T10:00:00Z", {"int64Value": 21.0}), status="error"),
                ]
            },
            executions,
        ),
        ok(
            "monitoring:ListTimeSeries",
            {"timeSeries": [series(requests, service, ("2026-11-22T10:00:00Z", {"doubleValue": 7}))]},
            requests,
        ),
        ok(
            "monitoring:ListTimeSeries",
            {"timeSeries": [series(memory, service, ("2026-11-22T10:00:00Z", {"doubleValue": 0.25}))]},
            memory,
        ),
        ok("serviceusage:ListServices", {"services": [{"config": {"name": "cloudasset.googleapis.com"}}]}),
        ok(
            "logging:ListSinks",
            {
                "sinks": [
                    {
                        "name": "_Default",
                        "destination": f"logging.googleapis.com/projects/{PROJECT}/locations/global/buckets/_Default",
                        "filter": 'NOT LOG_ID("cloudaudit.googleapis.com/activity") AND NOT LOG_ID("x")',
                    },
                    {"name": "audit", "destination": "storage.googleapis.com/logs", "filter": 'log_id("cloudaudit")'},
                ]
            },
        ),
        ok(
            "logging:ListExclusions",
            {"exclusions": [{"name": "noise", "filter": 'resource.type="cloud_run_revision"'}]},
        ),
        ok(
            "logging:ListBuckets",
            {"buckets": [{"name": f"projects/{PROJECT}/locations/global/buckets/_Default", "retentionDays": 30}]},
        ),
        ok("logging:ListMetrics", {"metrics": [{"name": "iam", "filter": 'protoPayload.methodName="SetIamPolicy"'}]}),
        ok(
            "monitoring:ListAlertPolicies",
            {
                "alertPolicies": [
                    {
                        "enabled": True,
                        "conditions": [
                            {"conditionThreshold": {"filter": 'metric.type="logging.googleapis.com/user/iam"'}}
                        ],
                    }
                ]
            },
        ),
        *(
            ok("orgpolicy:GetEffectivePolicy", {"spec": {"rules": [_rule(constraint)]}}, constraint)
            for constraint in CONSTRAINTS
        ),
        ok(
            "compute:ListNegs",
            {
                "items": {
                    f"regions/{REGION}": {
                        "networkEndpointGroups": [
                            {
                                "selfLink": neg,
                                "region": f"{link}/regions/{REGION}",
                                "networkEndpointType": "SERVERLESS",
                                "cloudRun": {"service": "checkout"},
                            }
                        ]
                    }
                }
            },
        ),
        ok(
            "compute:ListBackendServices",
            {
                "items": {
                    "global": {
                        "backendServices": [
                            {"selfLink": f"{link}/global/backendServices/web", "backends": [{"group": neg}]}
                        ]
                    }
                }
            },
        ),
    ]


def _rule(constraint: str) -> dict[str, Any]:
    if constraint == "cloudfunctions.allowedIngressSettings":
        return {"values": {"allowedValues": ["ALLOW_INTERNAL_ONLY"]}}
    if constraint == "iam.automaticIamGrantsForDefaultServiceAccounts":
        return {"enforce": True}
    return {"allowAll": True}


def capture(*changes: Envelope, without: Iterable[str] = (), depth: Depth = Depth.FULL) -> MemoryCapture:
    """The project with some answers replaced (same operation, subject, page and place) and some withheld."""
    replaced = {(change.operation, change.subject, change.page, change.location) for change in changes}
    kept = [
        envelope
        for envelope in envelopes()
        if envelope.operation not in without
        and (envelope.operation, envelope.subject, envelope.page, envelope.location) not in replaced
    ]
    return MemoryCapture(facts(depth), [*kept, *changes])
