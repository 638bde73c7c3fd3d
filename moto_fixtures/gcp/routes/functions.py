"""Cloud Functions, Cloud Run and Cloud Asset Inventory."""

from moto_fixtures.gcp import enums
from moto_fixtures.gcp.assets import KINDS, VIEWS, listed
from moto_fixtures.gcp.errors import invalid, missing
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.lifecycle import RUNTIMES
from moto_fixtures.gcp.organization import Resource, stamp
from moto_fixtures.gcp.paging import first, page
from moto_fixtures.gcp.policies import policy
from moto_fixtures.gcp.routes.registry import Asked, route
from moto_fixtures.gcp.services import REVISION, SERVICE, serving
from moto_fixtures.gcp.wire import Json

_FUNCTIONS = "cloudfunctions.googleapis.com"
_ASSETS = "cloudasset.googleapis.com"


@route(
    "functions:ListFunctions",
    "v2/projects/{project}/locations/{location}/functions",
    "cloudfunctions.functions.list",
    _FUNCTIONS,
)
def list_functions(asked: Asked) -> Json:
    """Functions of both generations. The first page alone says which regions could not be asked."""
    project, location, numeric = asked.project, asked.names["location"], asked.call.numeric
    away = project.unreachable.get(_FUNCTIONS, ()) if location == "-" else ()
    found = [each for kind in (GEN1, GEN2) for each in project.of(kind, location) if each.location not in away]

    def show(resource: Resource) -> Json:
        return enums.numbered(resource.body, enums.FUNCTION) if numeric else resource.body

    body = page(found, asked.call, "functions", show, default=1000)
    if away and first(asked.call):
        body["unreachable"] = list(away)
    return body


@route(
    "functions:ListRuntimes",
    "v2/projects/{project}/locations/{location}/runtimes",
    "cloudfunctions.locations.list",
    _FUNCTIONS,
)
def list_runtimes(asked: Asked) -> Json:
    """The runtimes there are, for each generation, and until when."""
    if not asked.call.numeric:
        return {"runtimes": RUNTIMES}
    return {"runtimes": [enums.numbered(each, enums.RUNTIME) for each in RUNTIMES]}


@route(
    "functions:GetIamPolicy",
    "v2/projects/{project}/locations/{location}/functions/{function}:getIamPolicy",
    "cloudfunctions.functions.getIamPolicy",
    _FUNCTIONS,
)
def function_policy(asked: Asked) -> Json:
    """Who may do what with a function."""
    name = asked.project.name(asked.names["location"], "functions", asked.names["function"])
    found = asked.project.find(GEN1, name) or asked.project.find(GEN2, name)
    if found is None:
        raise missing(name)
    return policy(found.bindings, version(asked))


@route(
    "functions:GetDownloadUrl",
    "{version}/projects/{project}/locations/{location}/functions/{function}:generateDownloadUrl",
    "cloudfunctions.functions.sourceCodeGet",
    _FUNCTIONS,
    method="POST",
)
def download_address(asked: Asked) -> Json:
    """Where the source can be fetched. This organisation keeps none: nothing listens at the address."""
    kind = GEN1 if asked.names["version"] == "v1" else GEN2
    name = asked.project.name(asked.names["location"], "functions", asked.names["function"])
    if asked.project.find(kind, name) is None:
        raise missing(name)
    return {"downloadUrl": f"http://127.0.0.1:9/{name}/version-1/function-source.zip"}


@route("run:ListLocations", "v1/projects/{project}/locations", "run.locations.list")
def list_locations(asked: Asked) -> Json:
    """The regions Cloud Run offers."""
    project = asked.project

    def show(region: str) -> Json:
        return {
            "name": f"projects/{project.id}/locations/{region}",
            "locationId": region,
            "displayName": region,
            "labels": {"cloud.googleapis.com/region": region},
        }

    return page(project.regions, asked.call, "locations", show)


@route("run:ListServices", "v2/projects/{project}/locations/{location}/services", "run.services.list")
def list_run_services(asked: Asked) -> Json:
    """The services of one region."""
    location = asked.names["location"]
    if location == "-":
        raise invalid("Location cannot be the '-' wildcard.")
    return page(asked.project.of(SERVICE, location), asked.call, "services", _body, default=100, most=500)


@route(
    "run:GetIamPolicy",
    "v2/projects/{project}/locations/{location}/services/{service}:getIamPolicy",
    "run.services.getIamPolicy",
)
def service_policy(asked: Asked) -> Json:
    """Who may do what with a service."""
    name = asked.project.name(asked.names["location"], "services", asked.names["service"])
    found = asked.project.find(SERVICE, name)
    if found is None:
        raise missing(name)
    return policy(found.bindings, version(asked))


@route(
    "run:ListRevisions", "v2/projects/{project}/locations/{location}/services/{service}/revisions", "run.revisions.list"
)
def list_revisions(asked: Asked) -> Json:
    """The revisions of a service, the one that serves first; of every service of the region for the name "-"."""
    project, location, wanted = asked.project, asked.names["location"], asked.names["service"]
    services = [each for each in project.of(SERVICE, location) if wanted in ("-", each.short)]
    if not services and wanted != "-":
        raise missing(project.name(location, "services", wanted))
    names = {each.name for each in services}
    older = [each.body for each in project.of(REVISION, location) if each.name.partition("/revisions/")[0] in names]
    found = [*(serving(project, each) for each in services), *older]
    return page(found, asked.call, "revisions", lambda body: body, default=100, most=200)


def list_assets(asked: Asked) -> Json:
    """Everything of some types in a project, a folder or an organisation: 1,000 a page at the most."""
    kind = asked.call.one("contentType")
    if kind not in VIEWS:
        raise invalid(f"Invalid content type: {kind}")
    types = asked.call.many("assetTypes") or list(KINDS)
    unknown = [each for each in types if each not in KINDS]
    if unknown:
        raise invalid(f"Invalid asset type: {unknown[0]}")
    found = listed(asked.estate.under(asked.names["scope"]), types, policies=kind == "IAM_POLICY")
    return {"readTime": stamp(asked.estate.now), **page(found, asked.call, "assets", VIEWS[kind])}


_POLICIES = ("contentType", "IAM_POLICY")
route("asset:ListPolicies", "v1/{scope}/assets", "cloudasset.assets.listIamPolicy", _ASSETS, when=_POLICIES)(
    list_assets
)
route("asset:ListResources", "v1/{scope}/assets", "cloudasset.assets.listResource", _ASSETS)(list_assets)


def version(asked: Asked) -> int:
    """The version of the policy format that is asked for."""
    given = asked.call.one("options.requestedPolicyVersion") or asked.call.one("optionsRequestedPolicyVersion", "1")
    if given not in ("0", "1", "3"):
        raise invalid(f"Invalid requested policy version: {given}")
    return int(given)


def _body(resource: Resource) -> Json:
    return resource.body
