"""The catalogue's rows about permissions on Azure and Google Cloud, and the check that answers each."""

import csv
from pathlib import Path

from auditor.model.ids import Cloud
from auditor.plugins import checks

ANSWERED = {
    Cloud.AZURE: {
        "az-func-admin-authlevel-trigger": "handler-needs-master-key",
        "az-func-managed-identity-absent": "identity-absent",
        "az-func-container-apps-identity": "identity-absent",
        "az-func-identity-admin-role": "role-admin",
        "az-func-uami-admin-role": "role-admin",
        "az-func-identity-rg-scope": "role-admin",
        "az-func-identity-mg-scope": "role-above-account",
        "az-func-identity-wide-scope": "role-wide-scope",
        "az-func-identity-custom-role-actions": "custom-role-escalates",
        "az-func-identity-conditions": "assignment-condition-loose",
        "az-func-identity-group-membership": "role-through-group",
        "az-func-identity-federated-credentials": "federated-credential-broad",
        "az-func-identity-shared": "role-shared",
        "az-func-identity-shared-vm": "identity-on-other-compute",
        "az-func-who-can-assign-identity": "identity-usable-by-others",
        "az-func-who-can-publish-code": "code-writable-by-others",
        "az-func-swap-permissions": "code-writable-by-others",
        "az-func-who-can-read-keys": "keys-readable-by-others",
        "az-func-deployment-credentials-exfil": "keys-readable-by-others",
        "az-func-who-can-write-host-storage": "host-storage-writable-by-others",
        "az-func-storage-shared-by-apps": "host-storage-shared",
        "az-func-custom-role-owner": "custom-role-owner",
        "az-func-user-access-admin": "user-access-administrator-assigned",
        "az-func-resource-lock-role": "lock-role-absent",
        "az-func-kv-reference-identity": "reference-identity-detached",
    },
    Cloud.GCP: {
        "gcp-fn-other-role-with-invoke": "invoke-through-broad-role",
        "gcp-fn-default-service-account": "default-identity",
        "gcp-fn-default-sa-editor": "default-identity-editor",
        "gcp-fn-sa-admin-role": "role-admin",
        "gcp-fn-sa-escalation-permissions": "escalation-path",
        "gcp-fn-sa-impersonation-chain": "escalation-path",
        "gcp-fn-sa-disrupt-logging": "role-disrupts-logging",
        "gcp-fn-sa-cross-project": "role-in-other-account",
        "gcp-fn-sa-org-folder-role": "role-above-account",
        "gcp-fn-who-can-impersonate-runtime-sa": "identity-usable-by-others",
        "gcp-fn-sa-user-managed-keys": "service-account-key-old",
        "gcp-fn-sa-key-exists-on-function-sa": "service-account-key-exists",
        "gcp-fn-sa-separation-of-duties": "service-account-duties-unseparated",
        "gcp-fn-sa-shared": "role-shared",
        "gcp-fn-who-can-create": "code-writable-by-others",
        "gcp-fn-iam-admins": "invoker-policy-writable-by-others",
        "gcp-fn-policy-condition-loose": "assignment-condition-loose",
        "gcp-fn-custom-role-impersonation": "custom-role-escalates",
        "gcp-fn-service-agent-basic-role": "service-agent-basic-role",
        "gcp-fn-non-corp-members": "external-principal-in-project",
        "gcp-fn-basic-roles": "role-basic-in-project",
        "gcp-fn-build-service-account": "build-identity-default",
        "gcp-fn-secret-breadth": "secrets-readable-beyond-references",
        "gcp-fn-secret-cross-project": "secret-in-other-project",
        "gcp-fn-eventarc-trigger-sa": "trigger-identity-default",
        "gcp-fn-job-run-overrides": "job-overrides-allowed",
    },
}
NOT_ANSWERED = {
    Cloud.AZURE: {
        "az-func-identity-graph-app-roles": "needs Microsoft Graph, which is not asked",
        "az-func-identity-directory-role": "needs Microsoft Graph, which is not asked",
    },
    Cloud.GCP: {
        "gcp-fn-sa-unused-permissions": "the IAM recommender is not asked",
        "gcp-fn-wif-condition": "workload identity pools are not listed",
    },
}


def test_every_row_about_permissions_is_answered_by_the_check_named_or_its_absence_has_a_reason() -> None:
    with (Path(__file__).parents[2] / "checks" / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row["cloud"] for row in csv.DictReader(file) if row["part"] == "permissions"}
    for cloud in (Cloud.AZURE, Cloud.GCP):
        found = {
            row: check.id
            for check in checks()
            if cloud in check.clouds
            for row in check.covers
            if rows.get(row) == cloud
        }
        assert found == ANSWERED[cloud]
        assert {row for row, of in rows.items() if of == cloud} == {*ANSWERED[cloud], *NOT_ANSWERED[cloud]}
