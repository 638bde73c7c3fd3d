"""Seeds projects with as many plausible functions as asked for: what a benchmark audits."""

from moto_fixtures.gcp import events, resource_builders
from moto_fixtures.gcp.functions import function
from moto_fixtures.gcp.organization import Organization, Project
from moto_fixtures.gcp.policies import account, binding
from moto_fixtures.gcp.project_settings import default_logging
from moto_fixtures.gcp.services import run_service
from moto_fixtures.gcp.wire import Json

_REGIONS = ("europe-west1", "us-central1", "europe-west4", "us-east1")
_RUNTIMES = ("python313", "nodejs22", "java21", "go125", "python310", "nodejs20")
_JOBS = ("orders", "stock", "prices", "returns", "mail", "search", "images", "labels")


def many(count: int, *, projects: int = 1, estate: Organization | None = None) -> Organization:
    """An estate with ``count`` functions spread over ``projects`` and four regions.

    Of every ten, seven are of the second generation (two of them started by a topic), two of the first, and one is
    known to Cloud Run alone.
    """
    made = estate or Organization()
    folder = made.folder("556677889900", "Bulk")
    held = [made.project(f"fernhollow-bulk-{index}", str(510000000000 + index), folder) for index in range(projects)]
    for project in held:
        _prepare(project)
    for index in range(count):
        _one(held[index % projects], index)
    return made


def _prepare(project: Project) -> None:
    default_logging(project)
    project.bind(binding("owner", "user:owner@fernhollow.example"), binding("editor", account(project.compute_account)))
    for title in (project.compute_account, project.appspot_account):
        resource_builders.service_account(project, title)
    for region in _REGIONS:
        resource_builders.connector(project, "backbone", location=region)
        resource_builders.bucket(project, f"gcf-sources-{project.number}-{region}", location=region)
        resource_builders.bucket(project, f"gcf-v2-sources-{project.number}-{region}", location=region)
        resource_builders.bucket(project, f"run-sources-{project.id}-{region}", location=region)
        for name in ("gcf-artifacts", "cloud-run-source-deploy"):
            resource_builders.repository(project, name, location=region)
    for job in _JOBS:
        resource_builders.topic(project, job, binding("pubsub.publisher", account(project.email(job))))
        resource_builders.service_account(project, job)
        resource_builders.secret(project, f"{job}-password", rotates=job != "mail")


def _one(project: Project, index: int) -> None:
    job, region, kind = _JOBS[index % len(_JOBS)], _REGIONS[index // 10 % len(_REGIONS)], index % 10
    name = f"{job}-{index:05}"
    runs_as = project.email(job)
    invokers = (binding("run.invoker", account(project.email("orders"))),) if index % 3 else ()
    if kind == 9:
        as_account: Json = {"template": {"serviceAccount": runs_as}}
        run_service(project, name, location=region, changes=as_account, invokers=invokers)
        return
    service: Json = {"serviceAccountEmail": runs_as, "environmentVariables": {"LOG_LEVEL": "INFO", "QUEUE": job}}
    secret = {"key": "PASSWORD", "projectId": project.number, "secret": f"{job}-password", "version": "1"}
    changes: Json = {
        "buildConfig": {"runtime": _RUNTIMES[index % len(_RUNTIMES)]},
        "serviceConfig": {**service, "secretEnvironmentVariables": [secret]},
        "labels": {"owner": job},
    }
    event = events.published(f"projects/{project.id}/topics/{job}") if kind in (1, 4, 8) else None
    generation = 1 if kind in (7, 8) else 2
    function(project, name, location=region, generation=generation, event=event, changes=changes, invokers=invokers)
