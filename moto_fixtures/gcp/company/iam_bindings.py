"""Who holds which role on the organisation, its folders and the projects; which access is logged."""

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.company.deploy_context import CONTRACTOR, DOMAIN, Workbench
from moto_fixtures.gcp.organization import Project
from moto_fixtures.gcp.policies import account, audited, binding

_ADMINS = f"group:platform-admins@{DOMAIN}"
_EVERYBODY = f"domain:{DOMAIN}"


def organisation(bench: Workbench) -> None:
    """The organisation and its folders."""
    estate = bench.estate
    estate.organisation.bindings += [
        binding("resourcemanager.organizationAdmin", _ADMINS),
        binding("iam.securityReviewer", f"group:security@{DOMAIN}"),
        binding(f"{estate.organisation.name}/roles/functionsAuditor", account(bench.shop.email("auditor"))),
    ]
    resource_builders.custom_role(
        bench.shop,
        "functionsAuditor",
        "cloudfunctions.functions.list",
        "run.services.list",
        title="Functions auditor",
        owner=estate.organisation.name,
    )
    resource_builders.deny_policy(
        estate,
        estate.organisation.name,
        "no-new-keys",
        deniedPrincipals=["principalSet://goog/public:all"],
        exceptionPrincipals=[f"principal://goog/subject/key-office@{DOMAIN}"],
        deniedPermissions=[
            "iam.googleapis.com/serviceAccountKeys.create",
            "iam.googleapis.com/serviceAccountKeys.upload",
        ],
    )
    resource_builders.deny_policy(
        estate,
        f"projects/{bench.shop.id}",
        "projects-are-kept",
        deniedPrincipals=["principalSet://goog/public:all"],
        exceptionPrincipals=[f"principalSet://goog/group/platform-admins@{DOMAIN}"],
        deniedPermissions=["cloudresourcemanager.googleapis.com/projects.delete"],
    )
    bench.digital.bindings += [
        binding("resourcemanager.folderViewer", f"group:web-team@{DOMAIN}"),
        binding("bigquery.admin", account(bench.data.email("warehouse-loader"))),
    ]
    bench.acquired.bindings += [binding("viewer", _EVERYBODY)]


def agents(bench: Workbench) -> None:
    """Google's own accounts in every project, and the account that builds."""
    for project in bench.projects.values():
        number = project.number
        builder = resource_builders.service_account(project, "builder", title="Builds functions")
        project.bind(
            binding(
                "cloudfunctions.serviceAgent", account(f"service-{number}@gcf-admin-robot.iam.gserviceaccount.com")
            ),
            binding("run.serviceAgent", account(f"service-{number}@serverless-robot-prod.iam.gserviceaccount.com")),
            binding("eventarc.serviceAgent", account(f"service-{number}@gcp-sa-eventarc.iam.gserviceaccount.com")),
            binding("pubsub.serviceAgent", account(f"service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com")),
            binding("logging.logWriter", account(builder)),
            binding("artifactregistry.writer", account(builder)),
        )


def shop(bench: Workbench) -> None:
    """No basic role, one role for a limited time, and every access logged."""
    project = bench.shop
    resource_builders.service_account(project, project.compute_account)
    resource_builders.service_account(project, "events", title="Delivers events")
    resource_builders.service_account(project, "scheduler", title="Calls functions at night")
    project.bind(
        binding("resourcemanager.projectIamAdmin", _ADMINS),
        binding(
            "cloudfunctions.developer",
            f"group:web-team@{DOMAIN}",
            title="office hours",
            expression='request.time < timestamp("2027-01-01T00:00:00Z")',
        ),
    )
    project.audit.append(audited("allServices", "ADMIN_READ", "DATA_READ", "DATA_WRITE"))


def data(bench: Workbench) -> None:
    """An owner, a contractor who reads everything, and access to one service logged with an exemption."""
    project = bench.data
    resource_builders.service_account(project, "loader", title="Loads the warehouse")
    project.bind(binding("owner", _ADMINS), binding("cloudfunctions.viewer", CONTRACTOR))
    loader = account(project.email("loader"))
    project.audit.append(audited("run.googleapis.com", "DATA_READ", "DATA_WRITE", exempted=[loader]))


def legacy(bench: Workbench) -> None:
    """Basic roles for the default accounts, every employee an invoker, nothing logged."""
    project = bench.legacy
    _defaults(project)
    project.bind(
        binding("owner", f"user:founder@{DOMAIN}"),
        binding("editor", account(project.compute_account), account(project.appspot_account)),
        binding("cloudfunctions.invoker", _EVERYBODY),
        binding("run.invoker", _EVERYBODY),
    )


def _defaults(project: Project) -> None:
    resource_builders.service_account(project, project.compute_account, title="Compute Engine default service account")
    resource_builders.service_account(project, project.appspot_account, title="App Engine default service account")
