"""What is logged, exported, alerted on and forbidden in each project: everything in one, little in the others."""

from moto_fixtures.gcp.company.deploy_context import DOMAIN, Workbench
from moto_fixtures.gcp.project_settings import (
    alert,
    api_config,
    balancer,
    constraint,
    default_logging,
    exclusion,
    log_bucket,
    only,
    sink,
)

_CHANGES = (
    'protoPayload.methodName=~"SetIamPolicy" AND '
    '(resource.type="cloud_function" OR resource.type="cloud_run_revision" OR resource.type="project")'
)
_DEPLOYED = 'protoPayload.methodName=~"(CreateFunction|UpdateFunction|ReplaceService)"'


def shop(bench: Workbench) -> None:
    """Exported, kept, alerted on, and hemmed in by every constraint."""
    project = bench.shop
    default_logging(project, days=400)
    log_bucket(project, "functions", 730, locked=True)
    sink(project, "archive", "storage.googleapis.com/fernhollow-log-archive")
    alert(project, "iam-changed", _CHANGES)
    alert(project, "function-deployed", _DEPLOYED)
    constraint(project, "cloudfunctions.allowedIngressSettings", only("ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"))
    constraint(project, "run.allowedIngress", only("internal", "internal-and-cloud-load-balancing"))
    constraint(project, "cloudfunctions.requireVPCConnector", {"enforce": True})
    constraint(project, "run.allowedVPCEgress", only("all-traffic"))
    constraint(project, "iam.automaticIamGrantsForDefaultServiceAccounts", {"enforce": True})
    constraint(project, "iam.allowedPolicyMemberDomains", only("C03xgje4y"))
    constraint(project, "cloudfunctions.restrictAllowedGenerations", only("2ndGen"))
    constraint(project, "gcp.resourceLocations", only("in:eu-locations", "in:us-central1-locations"))


def data(bench: Workbench) -> None:
    """Exported in part and kept for a month; an alert that is switched off; a few constraints."""
    project = bench.data
    default_logging(project, days=30)
    sink(project, "audit", "bigquery.googleapis.com/projects/fernhollow-data/datasets/audit", 'resource.type="project"')
    exclusion(
        project, "quiet-health-checks", 'resource.type="cloud_run_revision" AND httpRequest.requestUrl:"/healthz"'
    )
    alert(project, "iam-changed", _CHANGES, enabled=False)
    constraint(project, "cloudfunctions.allowedIngressSettings", {"allowAll": True})
    constraint(project, "iam.automaticIamGrantsForDefaultServiceAccounts", {"enforce": True})
    constraint(project, "gcp.resourceLocations", {"allowAll": True})


def legacy(bench: Workbench) -> None:
    """Not exported, partly thrown away, nobody alerted, nothing forbidden; and no inventory to look it up in."""
    project = bench.legacy
    default_logging(project)
    exclusion(project, "cheaper-logs", 'resource.type="cloud_function"')
    project.disabled.add("cloudasset.googleapis.com")


def front_ends(bench: Workbench) -> None:
    """Load balancers, one of them without a security policy, and a gateway."""
    balancer(bench.shop, "storefront", "storefront-api", armour="storefront-waf")
    balancer(bench.shop, "checkout", "checkout-api", armour="storefront-waf")
    balancer(bench.shop, "wishlist", "wishlist-api")
    api_config(bench.shop, "partners", "partners-v3", bench.shop.email("scheduler"))
    bench.shop.labels = {"owner": "web-team", "domain": DOMAIN.partition(".")[0]}
