"""Calls about functions, the Cloud Run services behind them, and the bulk lists that hold both."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.enricher import PACKAGES
from auditor.model.secret import Treatment
from providers.answers.code_analysis import SHAPE
from providers.gcp.operations.declaration import (
    ENVIRONMENT,
    FULL,
    JOB,
    POLICY,
    POLICY_3,
    PUSH,
    QUEUE,
    STANDARD,
    TRIGGER,
    WORKFLOW,
    GcpOperation,
    containers,
    declare,
    listed,
    under,
)

ASSET_TYPES: Final = (
    "run.googleapis.com/Service",
    "cloudfunctions.googleapis.com/CloudFunction",
    "cloudfunctions.googleapis.com/Function",
    "iam.googleapis.com/ServiceAccount",
    "pubsub.googleapis.com/Subscription",
    "pubsub.googleapis.com/Topic",
    "eventarc.googleapis.com/Trigger",
    "cloudscheduler.googleapis.com/Job",
    "cloudtasks.googleapis.com/Queue",
    "workflows.googleapis.com/Workflow",
    "vpcaccess.googleapis.com/Connector",
    "secretmanager.googleapis.com/Secret",
    "artifactregistry.googleapis.com/Repository",
    "storage.googleapis.com/Bucket",
    "cloudkms.googleapis.com/CryptoKey",
)
"""What is read in bulk. Cloud Asset Inventory knows each generation of functions by a name of its own."""

_ASSET: Final = "cloudasset.googleapis.com"
_FUNCTIONS: Final = "cloudfunctions.googleapis.com"
_LISTED: Final = {"assetTypes": ASSET_TYPES, "pageSize": "1000"}
_SERVICE: Final = {**containers("template."), **ENVIRONMENT}
_KNATIVE: Final = containers("spec.template.spec.")

FUNCTIONS: Final[tuple[GcpOperation, ...]] = (
    declare(
        "functions:ListFunctions",
        "v2/projects/{project}/locations/-/functions",
        "cloudfunctions.functions.list",
        "the functions of both generations and their configuration",
        host=_FUNCTIONS,
        sdk="list_functions",
        pages="functions",
        parameters={"pageSize": "1000"},
        unreachable="unreachable",
        redact=under("functions[]", ENVIRONMENT),
    ),
    declare(
        "asset:ListResources",
        "v1/{parent}/assets",
        "cloudasset.assets.listResource",
        "in bulk, the configuration of functions, services, triggers and what they refer to",
        host=_ASSET,
        pages="assets",
        parameters={"contentType": "RESOURCE", **_LISTED},
        redact=under("assets[].resource.data", _SERVICE, _KNATIVE, PUSH, JOB, QUEUE, WORKFLOW, TRIGGER),
        answer=listed("assets", empty="", readTime=str),
    ),
    declare(
        "asset:ListPolicies",
        "v1/{parent}/assets",
        "cloudasset.assets.listIamPolicy",
        "in bulk, who holds which role on each of those",
        host=_ASSET,
        pages="assets",
        parameters={"contentType": "IAM_POLICY", **_LISTED},
        answer=listed("assets", empty="", readTime=str),
    ),
    declare(
        "run:ListLocations",
        "v1/projects/{project}/locations",
        "run.locations.list",
        "the regions to look for Cloud Run services in, where Cloud Asset Inventory does not answer",
        depth=STANDARD,
        pages="locations",
        parameters={"pageSize": "100"},
        answer=listed("locations", empty=""),  # Cloud Run always has regions
    ),
    declare(
        "run:ListServices",
        "v2/projects/{project}/locations/{location}/services",
        "run.services.list",
        "the Cloud Run services behind functions, and the functions that only Cloud Run knows",
        depth=STANDARD,
        pages="services",
        parameters={"pageSize": "500"},
        redact=under("services[]", _SERVICE),
        answer=listed("services", "items", "unreachable", kind=str),
    ),
    declare(
        "run:GetIamPolicy",
        "v2/{service}:getIamPolicy",
        "run.services.getIamPolicy",
        "who may invoke a function of the second generation, where the bulk list of policies does not answer",
        depth=STANDARD,
        per_subject=True,
        parameters=POLICY_3,
        answer=POLICY,
    ),
    declare(
        "run:ListRevisions",
        "v2/{service}/revisions",
        "run.revisions.list",
        "older revisions that still exist, with their variables",
        depth=FULL,
        per_subject=True,
        pages="revisions",
        parameters={"pageSize": "200"},
        redact=under("revisions[]", containers("")),
        answer=listed("revisions", "items", "unreachable", empty="", kind=str),  # every service has a revision
    ),
    declare(
        "functions:GetIamPolicy",
        "v2/{function}:getIamPolicy",
        "cloudfunctions.functions.getIamPolicy",
        "who may invoke a function of the first generation, where the bulk list of policies does not answer",
        host=_FUNCTIONS,
        depth=STANDARD,
        per_subject=True,
        parameters=POLICY_3,
        answer=POLICY,
    ),
    declare(
        "functions:GetDownloadUrl",
        "{version}/{function}:generateDownloadUrl",
        "cloudfunctions.functions.sourceCodeGet",
        "a signed address of the source, valid for half an hour, which is never kept",
        host=_FUNCTIONS,
        method="POST",
        depth=STANDARD,
        tier=PACKAGES,
        per_subject=True,
        answer=AnswerShape(required={"downloadUrl": str}),
        redact={"downloadUrl": Treatment.URL},
    ),
    declare(
        "functions:GetSourceCode",
        "{version}/{function}:generateDownloadUrl",
        "cloudfunctions.functions.sourceCodeGet",
        "what is inside the source: it is fetched by that address, analysed and deleted",
        host=_FUNCTIONS,
        method="POST",
        depth=STANDARD,
        tier=PACKAGES,
        per_subject=True,
        answer=SHAPE,
    ),
    declare(
        "functions:ListRuntimes",
        "v2/projects/{project}/locations/{location}/runtimes",
        "cloudfunctions.locations.list",  # assumption: Google documents no permission for this call
        "until when each runtime is supported",
        host=_FUNCTIONS,
        sdk="list_runtimes",
        depth=STANDARD,
        pages="runtimes",
        answer=listed("runtimes", empty=""),  # every region has runtimes
    ),
)
