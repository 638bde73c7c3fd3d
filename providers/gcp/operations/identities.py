"""Calls about the identities functions run as, and the roles bound to them."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.model.secret import Treatment
from providers.gcp.operations.declaration import (
    NOT_FOUND,
    POLICY,
    POLICY_3,
    STANDARD,
    GcpOperation,
    declare,
    listed,
    named,
)

IDENTITIES: Final[tuple[GcpOperation, ...]] = (
    declare(
        "iam:ListServiceAccounts",
        "v1/projects/{project}/serviceAccounts",
        "iam.serviceAccounts.list",
        "the service accounts of the project and whether they are disabled",
        pages="accounts",
        parameters={"pageSize": "100"},
    ),
    declare(
        "iam:GetServiceAccount",
        "v1/projects/-/serviceAccounts/{email}",
        "iam.serviceAccounts.get",
        "service accounts of other projects that functions run as",
        depth=STANDARD,
        per_subject=True,
        absent_codes=NOT_FOUND,
        answer=named("email"),
    ),
    declare(
        "iam:GetServiceAccountPolicy",
        "v1/projects/-/serviceAccounts/{email}:getIamPolicy",
        "iam.serviceAccounts.getIamPolicy",
        "who may act as the service accounts that functions run as",
        method="POST",
        depth=STANDARD,
        per_subject=True,
        absent_codes=NOT_FOUND,
        parameters=POLICY_3,
        answer=POLICY,
    ),
    declare(
        "iam:ListServiceAccountKeys",
        "v1/projects/-/serviceAccounts/{email}/keys",
        "iam.serviceAccountKeys.list",
        "keys of the service accounts that functions run as, and how old they are (never the keys themselves)",
        depth=STANDARD,
        per_subject=True,
        absent_codes=NOT_FOUND,
        parameters={"keyTypes": "USER_MANAGED"},
        redact={"keys[].privateKeyData": Treatment.DROP, "keys[].publicKeyData": Treatment.DROP},
        answer=listed("keys"),
    ),
    declare(
        "iam:ListDenyPolicies",
        "v2/policies/cloudresourcemanager.googleapis.com%2F{kind}%2F{number}/denypolicies",
        "iam.denypolicies.list",
        "which deny policies are attached to the project and above it",
        depth=STANDARD,
        per_subject=True,
        pages="policies",
    ),
    declare(
        "iam:GetDenyPolicy",
        "v2/policies/cloudresourcemanager.googleapis.com%2F{kind}%2F{number}/denypolicies/{policy}",
        "iam.denypolicies.get",
        "what each of them denies to whom, whatever roles allow",
        depth=STANDARD,
        per_subject=True,
        absent_codes=NOT_FOUND,
        answer=named("kind"),
    ),
    declare(
        "iam:GetRole",
        "v1/{role}",
        "iam.roles.get",
        "the permissions of custom roles",
        depth=STANDARD,
        per_subject=True,
        absent_codes=NOT_FOUND,
        answer=AnswerShape(required={"name": str}, optional={"includedPermissions": list}),
    ),
)
