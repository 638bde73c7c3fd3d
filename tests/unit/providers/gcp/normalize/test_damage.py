"""Damaged answers: never an exception, never a fact that the sound answer does not hold."""

import pytest
from hypothesis import given

from auditor.model.capture import Envelope
from providers.gcp.normalize import normalize
from tests.unit.providers.damaging import (
    NULL_IS_A_VALUE,
    Path,
    bolder_without,
    changed,
    complaints,
    damaged,
    mixtures,
    nodes,
)
from tests.unit.providers.gcp.normalize.capture import KINDS, capture
from tests.unit.providers.gcp.normalize.comparing import bolder
from tests.unit.providers.memory import MemoryCapture

BASE = capture()
SOUND = normalize(BASE)
BULK = capture(without=[*KINDS, "cloudkms:GetCryptoKey"])
"""The same project where only the bulk inventory answers."""
SOUND_IN_BULK = normalize(BULK)

ABSENCE_MEANS_NONE = {
    "resourcemanager:GetProjectPolicy": {"bindings", "auditConfigs", "auditLogConfigs", "exemptedMembers"},
    "resourcemanager:GetFolderPolicy": {"bindings"},
    "resourcemanager:GetOrganizationPolicy": {"bindings", "condition"},
    "functions:ListFunctions": {
        *("labels", "team", "kmsKeyName", "upgradeInfo", "upgradeState", "branchName", "serviceAccount", "workerPool"),
        *("environmentVariables", "API_KEY", "LOG_LEVEL", "PIP_TOKEN", "QUEUE", "maxInstanceCount", "minInstanceCount"),
        *("vpcConnector", "vpcConnectorEgressSettings", "secretEnvironmentVariables", "secretVolumes", "versions"),
        *("version", "path", "uri", "serviceAccountEmail", "eventTrigger", "retryPolicy", "functions"),
    },
    "run:ListServices": {
        *("services", "labels", "team", "customAudiences", "iapEnabled", "invokerIamDisabled", "defaultUriDisabled"),
        *("sshEnabled", "threatDetectionEnabled", "binaryAuthorization", "useDefault", "breakglassJustification"),
        *("uri", "traffic", "percent", "environmentVariables", "STAGE", "enableAutomaticUpdates", "sourceLocation"),
        *("executionEnvironment", "encryptionKey", "scaling", "maxInstanceCount", "minInstanceCount", "vpcAccess"),
        *("networkInterfaces", "subnetwork", "env", "value", "envSources", "version", "resources", "limits", "cpuIdle"),
        *("nvidia.com/gpu", "startupProbe", "livenessProbe", "path"),
    },
    "run:ListRevisions": {"revisions", "env", "value"},
    "functions:ListRuntimes": {"runtimes", "deprecationDate", "decommissionDate", "day"},
    "asset:ListPolicies": {"assets", "bindings"},
    "iam:GetRole": {"includedPermissions"},
    "iam:ListServiceAccounts": {"accounts", "disabled"},
    "iam:ListServiceAccountKeys": {"keys"},
    "iam:ListDenyPolicies": {"policies"},
    "iam:GetDenyPolicy": {
        "rules",
        "deniedPrincipals",
        "deniedPermissions",
        "exceptionPrincipals",
        "exceptionPermissions",
    },
    "eventarc:ListTriggers": {"triggers", "cloudRun", "operator", "serviceAccount"},
    "eventarc:ListChannels": {"channels"},
    "pubsub:ListSubscriptions": {
        *("subscriptions", "deadLetterPolicy", "deadLetterTopic", "pushConfig", "pushEndpoint", "oidcToken"),
        "serviceAccountEmail",
    },
    "cloudtasks:ListQueues": {
        *("queues", "httpTarget", "uriOverride", "host", "pathOverride", "path", "oidcToken"),
        "serviceAccountEmail",
    },
    "workflows:ListWorkflows": {"workflows", "serviceAccount", "token"},
    "cloudscheduler:ListJobs": {"jobs", "httpTarget", "uriQuery", "key"},
    "storage:GetBucketPolicy": {"bindings"},
    "artifactregistry:GetRepositoryPolicy": {"bindings"},
    "secretmanager:ListSecrets": {"secrets", "automatic", "customerManagedEncryption", "rotation", "rotationPeriod"},
    "vpcaccess:ListConnectors": {"connectors"},
    "cloudkms:GetCryptoKey": {"rotationPeriod"},
    "monitoring:ListTimeSeries": {"timeSeries", "points", "labels", "status"},
    "serviceusage:ListServices": {"services"},
    "logging:ListSinks": {"sinks", "filter"},
    "logging:ListExclusions": {"exclusions"},
    "logging:ListBuckets": {"buckets"},
    "logging:ListMetrics": {"metrics"},
    "monitoring:ListAlertPolicies": {"alertPolicies", "conditions", "conditionThreshold"},
    "orgpolicy:GetEffectivePolicy": {"spec", "rules", "values", "allowedValues", "allowAll", "enforce"},
    "compute:ListNegs": {"items", "regions/europe-west1", "networkEndpointGroups", "cloudRun", "service"},
    "compute:ListBackendServices": {"items", "global", "backendServices", "backends"},
}
"""The members Google leaves out when they are empty, zero, false or unset: only these may be taken away and conclude
anything."""


UNREAD = ("asset:ListResources",)
"""Not read where the services' own lists are complete; damaged in a test of its own."""


def claims(damage: MemoryCapture) -> list[str]:
    return bolder(SOUND, normalize(damage))


@pytest.mark.parametrize("how", ["type", "null"])
def test_a_wrong_type_or_a_null_makes_facts_unknown_and_nothing_else(how: str) -> None:
    def leaves_out(envelope: Envelope, path: Path) -> bool:
        return envelope.operation in UNREAD or (how == "null" and path[-1] in NULL_IS_A_VALUE)

    assert complaints(BASE, claims, how, leaves_out) == []


def test_damage_to_the_bulk_lists_makes_facts_unknown_and_nothing_else() -> None:
    def in_bulk(damage: MemoryCapture) -> list[str]:
        return bolder(SOUND_IN_BULK, normalize(damage))

    assert complaints(BULK, in_bulk, "type", lambda envelope, _: not envelope.operation.startswith("asset:")) == []


def test_a_missing_member_makes_facts_unknown_unless_its_absence_is_documented() -> None:
    def leaves_out(envelope: Envelope, path: Path) -> bool:
        documented = ABSENCE_MEANS_NONE.get(envelope.operation, set())
        return envelope.operation in UNREAD or isinstance(path[-1], int) or path[-1] in documented

    assert complaints(BASE, claims, "drop", leaves_out) == []


def test_no_function_vanishes_while_its_list_can_be_walked() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        if envelope.operation != "functions:ListFunctions":
            continue
        for path in nodes(envelope.body):
            if len(path) < 3:
                continue
            inventory = normalize(damaged(BASE, index, changed(envelope.body, path, "type")))
            assert len(inventory.functions) >= 3, path


NOT_READ = ("resourcemanager:SearchProjects", "asset:ListResources")
"""What is read for something else than its enums, or not at all where the services' own lists are complete."""
BEHIND = ("services", 0, "terminalCondition")
"""The state of a function is its record's, not that of the service behind it."""


def test_an_enum_value_newer_than_our_tables_is_unrecognised() -> None:
    members = {
        "environment": "GEN_3",
        "state": "PAUSED",
        "ingressSettings": "ALLOW_SOME",
        "vpcConnectorEgressSettings": "SOME_TRAFFIC",
        "securityLevel": "SECURE_SOMETIMES",
        "dockerRegistry": "ATTIC",
        "retryPolicy": "RETRY_POLICY_TWICE",
        "upgradeState": "LOST",
        "ingress": "INGRESS_TRAFFIC_SOME",
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN3",
        "egress": "SOME",
        "logType": "DREAM_READ",
        "stage": "RETIRED",
    }
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] not in members or envelope.operation in NOT_READ or path[:3] == BEHIND:
                continue
            for value in (members[str(path[-1])], 99):
                after = normalize(damaged(BASE, index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], path
                assert "UNRECOGNISED" in repr(after), path


def test_a_date_that_is_none_is_damage() -> None:
    for index, envelope in enumerate(BASE.envelopes):
        for path in nodes(envelope.body):
            if path[-1] != "updateTime" or envelope.operation in NOT_READ:
                continue
            for value in ("yesterday", "2026-13-41T00:00:00Z", ""):
                after = normalize(damaged(BASE, index, changed(envelope.body, path, "set", value)))
                assert bolder(SOUND, after) == [], (path, value)
                assert f"is not a date: {value!r}" in repr(after), (path, value)


def test_a_withheld_operation_never_adds_a_fact() -> None:
    assert bolder_without(BASE, normalize, bolder) == {}


@given(mixtures(BASE, "//", "projects/", "projects/-/x/y", "https://["))
def test_any_mixture_of_damage_is_survived(mixture: MemoryCapture) -> None:
    inventory = normalize(mixture)
    assert [scope.name for scope in inventory.scopes] == ["fernhollow-shop"]
