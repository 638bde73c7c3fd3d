"""Builds what functions refer to and what surrounds them: accounts, topics, buckets, secrets, keys, logs, limits."""

from urllib.parse import urlsplit

from moto_fixtures.gcp.events import SUBSCRIPTION
from moto_fixtures.gcp.organization import GLOBAL, Organization, Project, Resource, digest, merged, uid
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.wire import Json

ACCOUNT = "iam.googleapis.com/ServiceAccount"
ACCOUNT_KEY = "iam.googleapis.com/ServiceAccountKey"
ROLE = "iam.googleapis.com/Role"
TOPIC = "pubsub.googleapis.com/Topic"
JOB = "cloudscheduler.googleapis.com/Job"
QUEUE = "cloudtasks.googleapis.com/Queue"
WORKFLOW = "workflows.googleapis.com/Workflow"
CONNECTOR = "vpcaccess.googleapis.com/Connector"
SECRET = "secretmanager.googleapis.com/Secret"
REPOSITORY = "artifactregistry.googleapis.com/Repository"
BUCKET = "storage.googleapis.com/Bucket"
KEY = "cloudkms.googleapis.com/CryptoKey"
CHANNEL = "eventarc.googleapis.com/Channel"


def service_account(project: Project, name: str, *bindings: Binding, disabled: bool = False, title: str = "") -> str:
    """A service account; returns its address. A name with an @ is taken as it is."""
    email = name if "@" in name else project.email(name)
    number = str(10**20 + int(digest(email, 15), 16))
    body: Json = {
        "name": f"projects/{project.id}/serviceAccounts/{email}",
        "projectId": project.id,
        "uniqueId": number,
        "email": email,
        "displayName": title or name.partition("@")[0],
        "etag": "MDEwMjE5MjA=",
        "oauth2ClientId": number,
    }
    if disabled:
        body["disabled"] = True
    project.add(Resource(ACCOUNT, body["name"], body, GLOBAL, list(bindings)))
    return email


def account_key(
    project: Project, email: str, days: float, *, disabled: bool = False, ends: float | None = None
) -> None:
    """A key that somebody made of a service account so many days ago; it ends after ``ends`` days, or never."""
    body: Json = {
        **_key(project, email, f"made {days} days ago"),
        "validAfterTime": project.estate.ago(days),
        "validBeforeTime": "9999-12-31T23:59:59Z" if ends is None else project.estate.ago(days - ends),
        "keyType": "USER_MANAGED",
    }
    if disabled:
        body |= {"disabled": True, "disableReason": "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED"}
    project.add(Resource(ACCOUNT_KEY, body["name"], body))


def system_key(project: Project, email: str) -> Resource:
    """The key by which Google itself signs for a service account, and which it rotates."""
    body = {
        **_key(project, email, "rotated"),
        "validAfterTime": project.estate.ago(5),
        "validBeforeTime": project.estate.ago(-11),
        "keyType": "SYSTEM_MANAGED",
    }
    return Resource(ACCOUNT_KEY, body["name"], body)


def _key(project: Project, email: str, which: str) -> Json:
    name = f"projects/{project.id}/serviceAccounts/{email}"
    return {
        "name": f"{name}/keys/{digest(f'{name} {which}', 32)}{digest(which)}",
        "keyAlgorithm": "KEY_ALG_RSA_2048",
        "keyOrigin": "GOOGLE_PROVIDED",
    }


def custom_role(project: Project, name: str, *permissions: str, title: str = "", owner: str = "") -> str:
    """A custom role of the project, or of ``owner`` ("organizations/123"); returns its name."""
    full = f"{owner or f'projects/{project.id}'}/roles/{name}"
    body = {
        "name": full,
        "title": title or name,
        "description": "Made for one job",
        "includedPermissions": list(permissions),
        "stage": "GA",
        "etag": "BwWKaXIHoic=",
    }
    project.add(Resource(ROLE, full, body))
    return full


def deny_policy(estate: Organization, attached: str, name: str, **rule: Json | list[str]) -> None:
    """A deny policy with one rule on a project (by id), a folder or the organisation.

    ``rule`` holds the members of a DenyRule (``deniedPrincipals``, ``deniedPermissions``…).
    """
    kind, _, place = attached.partition("/")
    number = estate.known(place).number if kind == "projects" else place
    body: Json = {
        "name": f"policies/cloudresourcemanager.googleapis.com%2F{kind}%2F{number}/denypolicies/{name}",
        "uid": uid(f"{attached}/{name}"),
        "kind": "DenyPolicy",
        "displayName": name,
        "createTime": estate.ago(200),
        "updateTime": estate.ago(100),
        "etag": digest(f"{attached}/{name}", 12),
        "rules": [{"denyRule": rule}],
    }
    estate.deny_policies.setdefault(attached, []).append(body)


def topic(project: Project, name: str, *bindings: Binding, key: str = "") -> str:
    """A topic; returns its full name."""
    full = f"projects/{project.id}/topics/{name}"
    body = {"name": full, "labels": {"owner": "integration"}} | ({"kmsKeyName": key} if key else {})
    project.add(Resource(TOPIC, full, body, GLOBAL, list(bindings)))
    return full


def subscription(
    project: Project, name: str, topic: str, endpoint: str = "", account: str = "", **changes: object
) -> str:
    """A subscription, which pushes to ``endpoint`` with a token of ``account`` if they are given."""
    full = f"projects/{project.id}/subscriptions/{name}"
    body: Json = {
        "name": full,
        "topic": topic,
        "ackDeadlineSeconds": 30,
        "messageRetentionDuration": "604800s",
        "expirationPolicy": {"ttl": "2678400s"},
        "state": "ACTIVE",
        "pushConfig": {},
    }
    if endpoint:
        token = {"oidcToken": {"serviceAccountEmail": account, "audience": endpoint}} if account else {}
        body["pushConfig"] = {"pushEndpoint": endpoint, "attributes": {"x-goog-version": "v1"}, **token}
    project.add(Resource(SUBSCRIPTION, full, merged(body, changes)))
    return full


def bucket(project: Project, name: str, *bindings: Binding, location: str = "europe-west1", key: str = "") -> str:
    """A bucket with the bindings every bucket is born with, and more."""
    owners = (f"projectEditor:{project.id}", f"projectOwner:{project.id}")
    born = [
        Binding("roles/storage.legacyBucketOwner", owners),
        Binding("roles/storage.legacyBucketReader", (f"projectViewer:{project.id}",)),
    ]
    body = {
        "kind": "storage#bucket",
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "id": name,
        "name": name,
        "projectNumber": project.number,
        "metageneration": "1",
        "location": location.upper(),
        "storageClass": "STANDARD",
        "etag": "CAE=",
        "timeCreated": project.estate.ago(700),
        "updated": project.estate.ago(30),
        "iamConfiguration": {
            "bucketPolicyOnly": {"enabled": True},
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "inherited",
        },
        "locationType": "region",
    } | ({"encryption": {"defaultKmsKeyName": key}} if key else {})
    project.add(Resource(BUCKET, f"projects/_/buckets/{name}", body, location, [*born, *bindings]))
    return name


def secret(project: Project, name: str, *bindings: Binding, rotates: bool = True) -> str:
    """A secret, rotated every ninety days or never; its value exists nowhere."""
    full = f"projects/{project.id}/secrets/{name}"
    body: Json = {
        "name": full,
        "replication": {"automatic": {}},
        "createTime": project.estate.ago(500),
        "labels": {"owner": "payments"},
        "etag": f'"{digest(full, 14)}"',
    }
    if rotates:
        body["rotation"] = {"nextRotationTime": project.estate.ago(-40), "rotationPeriod": "7776000s"}
        body["topics"] = [{"name": f"projects/{project.id}/topics/secret-rotation"}]
    project.add(Resource(SECRET, full, body, GLOBAL, list(bindings)))
    return full


def crypto_key(
    project: Project, name: str, *, location: str = "europe-west1", state: str = "ENABLED", rotates: bool = True
) -> str:
    """A key in the ring "functions"; returns its name."""
    full = project.name(location, "keyRings", f"functions/cryptoKeys/{name}")
    version = {
        "name": f"{full}/cryptoKeyVersions/3",
        "state": state,
        "createTime": project.estate.ago(60),
        "protectionLevel": "SOFTWARE",
        "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
        "generateTime": project.estate.ago(60),
    }
    body: Json = {
        "name": full,
        "primary": version,
        "purpose": "ENCRYPT_DECRYPT",
        "createTime": project.estate.ago(600),
        "versionTemplate": {"protectionLevel": "SOFTWARE", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
        "destroyScheduledDuration": "2592000s",
    }
    if rotates:
        body |= {"rotationPeriod": "7776000s", "nextRotationTime": project.estate.ago(-30)}
    project.add(Resource(KEY, full, body, location))
    return full


def connector(
    project: Project, name: str, *, location: str = "europe-west1", network: str = "backbone", state: str = "READY"
) -> str:
    """A connector to a network; returns its name."""
    full = project.name(location, "connectors", name)
    body = {
        "name": full,
        "network": network,
        "ipCidrRange": "10.8.0.0/28",
        "state": state,
        "minThroughput": 200,
        "maxThroughput": 1000,
        "machineType": "e2-micro",
        "minInstances": 2,
        "maxInstances": 10,
    }
    project.add(Resource(CONNECTOR, full, body, location))
    return full


def repository(project: Project, name: str, *bindings: Binding, location: str = "europe-west1") -> str:
    """A repository of container images; returns its name."""
    full = project.name(location, "repositories", name)
    body = {
        "name": full,
        "format": "DOCKER",
        "description": "Images of functions",
        "labels": {"goog-managed-by": "cloudfunctions"} if name == "gcf-artifacts" else {},
        "createTime": project.estate.ago(600),
        "updateTime": project.estate.ago(2),
        "mode": "STANDARD_REPOSITORY",
        "sizeBytes": "734003200",
    }
    project.add(Resource(REPOSITORY, full, body, location, list(bindings)))
    return full


def job(
    project: Project, name: str, uri: str, *, location: str = "europe-west1", account: str = "", **target: object
) -> str:
    """A scheduled call of ``uri``, with a token of ``account`` if one is named."""
    full = project.name(location, "jobs", name)
    called: Json = {"uri": uri, "httpMethod": "POST", "headers": {"User-Agent": "Google-Cloud-Scheduler"}}
    if account:
        called["oidcToken"] = {"serviceAccountEmail": account, "audience": uri}
    body = {
        "name": full,
        "description": "Every night",
        "httpTarget": merged(called, target),
        "userUpdateTime": project.estate.ago(200),
        "state": "ENABLED",
        "scheduleTime": project.estate.ago(-0.3),
        "lastAttemptTime": project.estate.ago(0.7),
        "retryConfig": {
            "maxRetryDuration": "0s",
            "minBackoffDuration": "5s",
            "maxBackoffDuration": "3600s",
            "maxDoublings": 5,
        },
        "attemptDeadline": "180s",
        "schedule": "15 2 * * *",
        "timeZone": "Europe/London",
    }
    project.add(Resource(JOB, full, body, location))
    return full


def queue(project: Project, name: str, uri: str = "", *, location: str = "europe-west1", account: str = "") -> str:
    """A queue of tasks; with ``uri`` all of them are sent there, with a token of ``account`` if one is named."""
    full = project.name(location, "queues", name)
    body: Json = {
        "name": full,
        "rateLimits": {"maxDispatchesPerSecond": 500, "maxBurstSize": 100, "maxConcurrentDispatches": 1000},
        "retryConfig": {"maxAttempts": 100, "minBackoff": "0.100s", "maxBackoff": "3600s", "maxDoublings": 16},
        "state": "RUNNING",
    }
    if uri:
        parts = urlsplit(uri)
        override = {"scheme": "HTTPS", "host": parts.hostname, "pathOverride": {"path": parts.path.lstrip("/")}}
        token = {"oidcToken": {"serviceAccountEmail": account, "audience": uri}} if account else {}
        headers = [{"header": {"key": "X-Shop", "value": "fernhollow"}}]
        body["httpTarget"] = {"uriOverride": override, "httpMethod": "POST", "headerOverrides": headers, **token}
    project.add(Resource(QUEUE, full, body, location))
    return full


def workflow(project: Project, name: str, source: str, *, location: str = "europe-west1", account: str = "") -> str:
    """A workflow with its source."""
    full = project.name(location, "workflows", name)
    body: Json = {
        "name": full,
        "description": "",
        "state": "ACTIVE",
        "revisionId": "000001-a1b",
        "createTime": project.estate.ago(90),
        "updateTime": project.estate.ago(30),
        "revisionCreateTime": project.estate.ago(30),
        "serviceAccount": f"projects/{project.id}/serviceAccounts/{account or project.compute_account}",
        "sourceContents": source,
        "callLogLevel": "LOG_ERRORS_ONLY",
    }
    project.add(Resource(WORKFLOW, full, body, location))
    return full


def channel(project: Project, name: str, *, location: str = "europe-west1", key: str = "") -> str:
    """A channel of events from a partner; returns its name."""
    full = project.name(location, "channels", name)
    body = {
        "name": full,
        "uid": uid(full),
        "createTime": project.estate.ago(90),
        "updateTime": project.estate.ago(90),
        "provider": f"projects/{project.id}/locations/{location}/providers/parcel-carrier",
        "pubsubTopic": f"projects/{project.id}/topics/eventarc-channel-{name}",
        "state": "ACTIVE",
    } | ({"cryptoKeyName": key} if key else {})
    project.add(Resource(CHANNEL, full, body, location))
    return full
