"""Resource Manager, Service Usage, Organization Policy and IAM."""

import json

from moto_fixtures.gcp.errors import ServiceError, invalid, title
from moto_fixtures.gcp.organization import HOSTS, Node, Project, Resource, digest
from moto_fixtures.gcp.paging import page
from moto_fixtures.gcp.policies import policy
from moto_fixtures.gcp.project_settings import CONSTRAINT
from moto_fixtures.gcp.resource_builders import ACCOUNT, ACCOUNT_KEY, ROLE, system_key
from moto_fixtures.gcp.routes.functions import version
from moto_fixtures.gcp.routes.registry import Asked, route
from moto_fixtures.gcp.wire import Json

_CRM = "cloudresourcemanager.googleapis.com"
_SWITCHES = frozenset({"cloudfunctions.requireVPCConnector", "iam.automaticIamGrantsForDefaultServiceAccounts"})


@route("resourcemanager:SearchProjects", "v3/projects:search", "resourcemanager.projects.get", _CRM)
def search_projects(asked: Asked) -> Json:
    """The projects the caller may see."""
    return page(list(asked.estate.projects.values()), asked.call, "projects", _project, default=500, most=500)


@route("resourcemanager:GetProject", "v3/projects/{project}", "resourcemanager.projects.get", _CRM)
def get_project(asked: Asked) -> Json:
    """One project."""
    return _project(asked.project)


@route(
    "resourcemanager:GetProjectPolicy",
    "v3/projects/{project}:getIamPolicy",
    "resourcemanager.projects.getIamPolicy",
    _CRM,
    "POST",
)
def project_policy(asked: Asked) -> Json:
    """Who holds which role on the project."""
    return policy(asked.project.bindings, _version(asked), asked.project.audit)


@route("resourcemanager:GetFolder", "v3/folders/{folder}", "resourcemanager.folders.get", _CRM)
def get_folder(asked: Asked) -> Json:
    """One folder."""
    node = _node(asked, f"folders/{asked.names['folder']}")
    return {
        "name": node.name,
        "parent": node.parent,
        "displayName": node.title,
        "state": "ACTIVE",
        "createTime": asked.estate.ago(1500),
        "updateTime": asked.estate.ago(1500),
        "etag": f'W/"{digest(node.name)}"',
    }


@route(
    "resourcemanager:GetFolderPolicy",
    "v3/folders/{folder}:getIamPolicy",
    "resourcemanager.folders.getIamPolicy",
    _CRM,
    "POST",
)
def folder_policy(asked: Asked) -> Json:
    """Who holds which role on the folder."""
    node = _node(asked, f"folders/{asked.names['folder']}")
    return policy(node.bindings, _version(asked), node.audit)


@route("resourcemanager:GetOrganization", "v3/organizations/{organization}", "resourcemanager.organizations.get", _CRM)
def get_organization(asked: Asked) -> Json:
    """The organisation, named after its domain."""
    node = _node(asked, f"organizations/{asked.names['organization']}")
    return {
        "name": node.name,
        "displayName": node.title,
        "directoryCustomerId": "C02fernhl",
        "state": "ACTIVE",
        "createTime": asked.estate.ago(1500),
        "updateTime": asked.estate.ago(1500),
        "etag": f'W/"{digest(node.name)}"',
    }


@route(
    "resourcemanager:GetOrganizationPolicy",
    "v3/organizations/{organization}:getIamPolicy",
    "resourcemanager.organizations.getIamPolicy",
    _CRM,
    "POST",
)
def organization_policy(asked: Asked) -> Json:
    """Who holds which role on the organisation."""
    node = _node(asked, f"organizations/{asked.names['organization']}")
    return policy(node.bindings, _version(asked), node.audit)


@route("serviceusage:ListServices", "v1/projects/{project}/services", "serviceusage.services.list")
def list_services(asked: Asked) -> Json:
    """The services of the project; only those that are on where that is asked."""
    project, wanted = asked.project, asked.call.one("filter")
    if wanted not in ("", "state:ENABLED", "state:DISABLED"):
        raise invalid(f"Invalid filter: {wanted}")
    hosts = [each for each in HOSTS if not wanted or (each in project.disabled) == (wanted == "state:DISABLED")]

    def show(host: str) -> Json:
        return {
            "name": f"projects/{project.number}/services/{host}",
            "config": {
                "name": host,
                "title": title(host) if host != "cloudbuild.googleapis.com" else "Cloud Build API",
                "documentation": {"summary": "Documented elsewhere."},
                "quota": {},
                "authentication": {},
                "usage": {"requirements": ["serviceusage.googleapis.com/tos/cloud"]},
            },
            "state": "DISABLED" if host in project.disabled else "ENABLED",
            "parent": f"projects/{project.number}",
        }

    return page(hosts, asked.call, "services", show, default=50, most=200)


@route(
    "orgpolicy:GetEffectivePolicy",
    "v2/projects/{project}/policies/{constraint}:getEffectivePolicy",
    "orgpolicy.policy.get",
)
def effective_policy(asked: Asked) -> Json:
    """A constraint as it is in force; the default where nobody set it."""
    project, constraint = asked.project, asked.names["constraint"]
    found = project.find(CONSTRAINT, f"projects/{project.id}/policies/{constraint}")
    if found is not None:
        return found.body
    default: Json = {"enforce": False} if constraint in _SWITCHES else {"allowAll": True}
    return {"name": f"projects/{project.number}/policies/{constraint}", "spec": {"rules": [default]}}


@route("iam:ListServiceAccounts", "v1/projects/{project}/serviceAccounts", "iam.serviceAccounts.list")
def list_accounts(asked: Asked) -> Json:
    """The service accounts of the project."""
    return page(asked.project.of(ACCOUNT), asked.call, "accounts", _body, default=20, most=100)


@route("iam:GetServiceAccount", "v1/projects/-/serviceAccounts/{email}", "iam.serviceAccounts.get")
def get_account(asked: Asked) -> Json:
    """A service account of whichever project."""
    email = asked.names["email"]
    for project in asked.estate.projects.values():
        for each in project.of(ACCOUNT):
            if email in (each.body["email"], each.body["uniqueId"]):
                return each.body
    raise ServiceError(404, f"Unknown service account: {email}")


@route(
    "iam:GetServiceAccountPolicy",
    "v1/projects/-/serviceAccounts/{email}:getIamPolicy",
    "iam.serviceAccounts.getIamPolicy",
    method="POST",
)
def account_policy(asked: Asked) -> Json:
    """Who may act as a service account of whichever project."""
    email = asked.names["email"]
    for project in asked.estate.projects.values():
        for each in project.of(ACCOUNT):
            if email in (each.body["email"], each.body["uniqueId"]):
                return policy(each.bindings, version(asked))
    raise ServiceError(404, f"Unknown service account: {email}")


@route("iam:ListServiceAccountKeys", "v1/projects/-/serviceAccounts/{email}/keys", "iam.serviceAccountKeys.list")
def list_keys(asked: Asked) -> Json:
    """The keys of a service account of whichever project: those that users made, where only they are asked for."""
    email = asked.names["email"]
    users = asked.call.one("keyTypes") == "USER_MANAGED"
    for project in asked.estate.projects.values():
        for each in project.of(ACCOUNT):
            if email in (each.body["email"], each.body["uniqueId"]):
                shown = (*project.of(ACCOUNT_KEY), *(() if users else (system_key(project, each.body["email"]),)))
                mine = [key.body for key in shown if key.name.startswith(f"{each.body['name']}/keys/")]
                return {"keys": mine} if mine else {}
    raise ServiceError(404, f"Unknown service account: {email}")


_DENY = "v2/policies/cloudresourcemanager.googleapis.com/{kind}/{number}/denypolicies"


@route("iam:ListDenyPolicies", _DENY, "iam.denypolicies.list")
def list_deny_policies(asked: Asked) -> Json:
    """The deny policies attached to something, without their rules."""
    return page(
        _deny_policies(asked),
        asked.call,
        "policies",
        lambda each: {key: value for key, value in each.items() if key != "rules"},
        default=1000,
    )


@route("iam:GetDenyPolicy", f"{_DENY}/{{policy}}", "iam.denypolicies.get")
def get_deny_policy(asked: Asked) -> Json:
    """One deny policy."""
    for each in _deny_policies(asked):
        if each["name"].endswith(f"/{asked.names['policy']}"):
            return each
    raise ServiceError(404, f"Policy {asked.names['policy']} was not found.")


def _deny_policies(asked: Asked) -> list[Json]:
    kind, number = asked.names["kind"], asked.names["number"]
    name = (
        asked.estate.known(number).id if kind == "projects" else _node(asked, f"{kind}/{number}").name.partition("/")[2]
    )
    return asked.estate.deny_policies.get(f"{kind}/{name}", [])


@route("iam:GetRole", "v1/{role}", "iam.roles.get")
def get_role(asked: Asked) -> Json:
    """A custom role."""
    name = asked.names["role"]
    for project in asked.estate.projects.values():
        found = project.find(ROLE, name)
        if found is not None:
            return found.body
    raise ServiceError(404, f"The role named {name} was not found.")


def _project(project: Project) -> Json:
    shown: Json = {
        "name": f"projects/{project.number}",
        "parent": project.parent,
        "projectId": project.id,
        "state": "ACTIVE",
        "displayName": project.title,
        "createTime": project.estate.ago(1200),
        "updateTime": project.estate.ago(400),
        "etag": f'W/"{digest(project.id)}"',
    }
    return {**shown, "labels": dict(project.labels)} if project.labels else shown


def _node(asked: Asked, name: str) -> Node:
    found = asked.estate.nodes.get(name)
    if found is None:
        raise ServiceError(403, "The caller does not have permission")
    return found


def _version(asked: Asked) -> int:
    try:
        body = json.loads(asked.call.body or b"{}")
        return int(body.get("options", {}).get("requestedPolicyVersion", 1))
    except (ValueError, AttributeError, TypeError) as error:
        raise invalid("Invalid JSON payload received.") from error


def _body(resource: Resource) -> Json:
    return resource.body
