"""Calls about projects, what is above them, and what holds for the whole of them."""

from typing import Final

from auditor.answer_shape import AnswerShape
from providers.gcp.operations.declaration import POLICY, STANDARD, GcpOperation, declare, listed, named

_CRM: Final = "cloudresourcemanager.googleapis.com"

PROJECTS: Final[tuple[GcpOperation, ...]] = (
    declare(
        "resourcemanager:SearchProjects",
        "v3/projects:search",
        "resourcemanager.projects.get",
        "the projects the credentials see",
        host=_CRM,
        pages="projects",
        parameters={"pageSize": "500"},
    ),
    declare(
        "resourcemanager:GetProject",
        "v3/projects/{project}",
        "resourcemanager.projects.get",
        "the number and the parent of a project named with --project-id",
        host=_CRM,
        answer=named("projectId"),
    ),
    declare(
        "resourcemanager:GetProjectPolicy",
        "v3/projects/{project}:getIamPolicy",
        "resourcemanager.projects.getIamPolicy",
        "who holds which role on the project, and which data access is logged",
        host=_CRM,
        method="POST",
        answer=POLICY,
    ),
    declare(
        "resourcemanager:GetFolder",
        "v3/folders/{folder}",
        "resourcemanager.folders.get",
        "the folders above the project",
        host=_CRM,
        per_subject=True,
        answer=named(),
    ),
    declare(
        "resourcemanager:GetFolderPolicy",
        "v3/folders/{folder}:getIamPolicy",
        "resourcemanager.folders.getIamPolicy",
        "who holds which role on those folders, and so on the project",
        host=_CRM,
        method="POST",
        per_subject=True,
        answer=POLICY,
    ),
    declare(
        "resourcemanager:GetOrganization",
        "v3/organizations/{organization}",
        "resourcemanager.organizations.get",
        "the domain of the organisation: which domains are its own, and which another's",
        host=_CRM,
        per_subject=True,
        answer=named("displayName"),
    ),
    declare(
        "resourcemanager:GetOrganizationPolicy",
        "v3/organizations/{organization}:getIamPolicy",
        "resourcemanager.organizations.getIamPolicy",
        "who holds which role on the organisation, and so on the project",
        host=_CRM,
        method="POST",
        per_subject=True,
        answer=POLICY,
    ),
    declare(
        "serviceusage:ListServices",
        "v1/projects/{project}/services",
        "serviceusage.services.list",
        "which services the project has switched on",
        pages="services",
        parameters={"filter": "state:ENABLED", "pageSize": "200"},
        answer=listed("services", empty=""),  # asked of projects with functions, whose service is on
    ),
    declare(
        "orgpolicy:GetEffectivePolicy",
        "v2/projects/{project}/policies/{constraint}:getEffectivePolicy",
        "orgpolicy.policy.get",
        "the organisation's constraints as they are in force in the project",
        depth=STANDARD,
        per_subject=True,
        answer=AnswerShape(required={"name": str, "spec": dict}, optional={"spec.rules": list}),
    ),
)

CONSTRAINTS: Final = (
    "cloudfunctions.allowedIngressSettings",
    "run.allowedIngress",
    "cloudfunctions.requireVPCConnector",
    "run.allowedVPCEgress",
    "iam.automaticIamGrantsForDefaultServiceAccounts",
    "iam.managed.preventPrivilegedBasicRolesForDefaultServiceAccounts",
    "iam.allowedPolicyMemberDomains",
    "iam.managed.allowedPolicyMembers",
    "cloudfunctions.restrictAllowedGenerations",
    "gcp.resourceLocations",
    "storage.publicAccessPrevention",
)
"""The constraints that are asked for: those of old, and the managed ones that do the same."""
