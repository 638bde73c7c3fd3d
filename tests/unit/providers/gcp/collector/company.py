"""A project of Fernhollow Outfitters as Google would tell of it: three functions, and what they refer to."""

from typing import Any

PROJECT = "shop-prod"
NUMBER = "415104041262"
REGION = "europe-west1"
OTHER_REGION = "us-central1"
ROLE = f"projects/{PROJECT}/roles/orderInvoker"
KEY = f"projects/{PROJECT}/locations/{REGION}/keyRings/shop/cryptoKeys/orders"
ORDERS = f"projects/{PROJECT}/locations/{REGION}/functions/orders"
LEGACY = f"projects/{PROJECT}/locations/{OTHER_REGION}/functions/legacy-export"
ALONE = f"projects/{PROJECT}/locations/{REGION}/services/loyalty"
BEHIND = f"projects/{PROJECT}/locations/{REGION}/services/orders"


def project(name: str = PROJECT, number: str = NUMBER, parent: str = "folders/77") -> dict[str, Any]:
    return {"name": f"projects/{number}", "projectId": name, "state": "ACTIVE", "parent": parent}


def orders() -> dict[str, Any]:
    return {
        "name": ORDERS,
        "environment": "GEN_2",
        "state": "ACTIVE",
        "labels": {"team": "checkout"},
        "kmsKeyName": KEY,
        "buildConfig": {
            "runtime": "python312",
            "serviceAccount": f"projects/{PROJECT}/serviceAccounts/build@{PROJECT}.iam.gserviceaccount.com",
            "source": {"storageSource": {"bucket": f"gcf-v2-sources-{NUMBER}-{REGION}", "object": "orders.zip"}},
        },
        "serviceConfig": {
            "service": BEHIND,
            "serviceAccountEmail": "runner@shared-identities.iam.gserviceaccount.com",
            "environmentVariables": {"LOG_LEVEL": "info"},
            "vpcConnector": f"projects/{PROJECT}/locations/{REGION}/connectors/main",
        },
        "eventTrigger": {
            "eventType": "google.cloud.pubsub.topic.v1.messagePublished",
            "pubsubTopic": f"projects/{PROJECT}/topics/new-orders",
        },
    }


def legacy() -> dict[str, Any]:
    return {
        "name": LEGACY,
        "environment": "GEN_1",
        "labels": {"team": "finance"},
        "buildConfig": {
            "runtime": "python39",
            "source": {"storageSource": {"bucket": "shop-releases", "object": "legacy-export.zip"}},
        },
        "serviceConfig": {"serviceAccountEmail": f"{PROJECT}@appspot.gserviceaccount.com"},
        "eventTrigger": {"eventFilters": [{"attribute": "bucket", "value": "shop-uploads"}]},
    }


def loyalty() -> dict[str, Any]:
    """A function that only Cloud Run knows."""
    return {
        "name": ALONE,
        "labels": {"team": "checkout"},
        "buildConfig": {
            "functionTarget": "handle",
            "sourceLocation": f"gs://run-sources-{PROJECT}-{REGION}/services/loyalty.zip",
            "imageUri": f"{REGION}-docker.pkg.dev/{PROJECT}/cloud-run-source-deploy/loyalty",
        },
        "template": {
            "serviceAccount": f"{NUMBER}-compute@developer.gserviceaccount.com",
            "containers": [
                {
                    "image": "loyalty",
                    "env": [
                        {"name": "STAGE", "value": "prod"},
                        {"name": "TOKEN", "valueSource": {"secretKeyRef": {"secret": "token", "version": "latest"}}},
                    ],
                }
            ],
        },
    }


def asset(name: str, kind: str, **content: Any) -> dict[str, Any]:
    return {
        "name": f"//{name}",
        "assetType": kind,
        "ancestors": [f"projects/{NUMBER}", "folders/77", "organizations/9"],
        **content,
    }


def resources() -> list[dict[str, Any]]:
    return [
        asset(f"run.googleapis.com/{BEHIND}", "run.googleapis.com/Service", resource={"data": {"metadata": {}}}),
        asset(f"run.googleapis.com/{ALONE}", "run.googleapis.com/Service", resource={"data": {"metadata": {}}}),
        asset(
            f"cloudfunctions.googleapis.com/{ORDERS}",
            "cloudfunctions.googleapis.com/Function",
            resource={"data": orders()},
        ),
    ]


def policies() -> list[dict[str, Any]]:
    bindings = [{"role": ROLE, "members": ["group:shop@fernhollow.example"]}]
    return [
        asset(f"run.googleapis.com/{BEHIND}", "run.googleapis.com/Service", iamPolicy={"bindings": bindings}),
        asset(
            f"pubsub.googleapis.com/projects/{PROJECT}/topics/new-orders",
            "pubsub.googleapis.com/Topic",
            iamPolicy={"etag": "ACAB"},
        ),
    ]


DENIED = "v2/policies/cloudresourcemanager.googleapis.com"
LISTED_DENIED = f"policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{NUMBER}"


def scripts() -> dict[str, Any]:
    here = f"projects/{PROJECT}"
    return {
        "v3/projects:search": {"projects": [project()]},
        f"v3/{here}": project(),
        f"v3/{here}:getIamPolicy": {"bindings": [{"role": "roles/viewer", "members": ["user:ana@fernhollow.example"]}]},
        "v3/folders/77": {"name": "folders/77", "parent": "organizations/9"},
        "v3/folders/77:getIamPolicy": {"etag": "ACAB"},
        "v3/organizations/9:getIamPolicy": {"bindings": [{"role": "organizations/9/roles/watcher", "members": []}]},
        f"{DENIED}/{here}/denypolicies": {
            "policies": [{"name": f"{LISTED_DENIED}/denypolicies/kept", "kind": "DenyPolicy"}]
        },
        f"{DENIED}/{here}/denypolicies/kept": {"name": f"{LISTED_DENIED}/denypolicies/kept", "kind": "DenyPolicy"},
        f"v2/{here}/locations/-/functions": {"functions": [orders(), legacy()]},
        f"v1/{here}/assets#RESOURCE": {"readTime": "2026-11-23T10:00:00Z", "assets": resources()},
        f"v1/{here}/assets#IAM_POLICY": {"readTime": "2026-11-23T10:00:00Z", "assets": policies()},
        f"v2/{here}/locations/{REGION}/services": {"services": [loyalty()]},
        f"v2/{here}/locations/{REGION}/runtimes": {"runtimes": [{"name": "python312", "stage": "GA"}]},
        f"v1/{here}/locations": {"locations": [{"locationId": REGION}, {"locationId": "asia-east1"}]},
        f"v1/{here}/locations/-/triggers": {
            "triggers": [
                {
                    "name": f"{here}/locations/{REGION}/triggers/loyalty-uploads",
                    "eventFilters": [{"attribute": "bucket", "value": "loyalty-cards"}],
                    "destination": {"cloudRun": {"service": "loyalty", "region": REGION}},
                }
            ]
        },
    }
