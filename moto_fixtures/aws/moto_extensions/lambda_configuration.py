"""One function configuration as Lambda words it, built from moto's and from what was written."""

from hashlib import sha256
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.lambda_memory import LATEST, Remembered, identifier
from moto_fixtures.aws.moto_extensions.lambda_packages import presigned, uploaded
from moto_fixtures.aws.wire import Call

_ONLY_ON_GET = ("State", "LastUpdateStatus")
_AS_WRITTEN = (
    "DeadLetterConfig", "Description", "FileSystemConfigs", "KMSKeyArn", "MemorySize", "Role",
    "Runtime", "Handler", "Architectures", "EphemeralStorage", "TracingConfig", "Timeout",
    "SigningJobArn", "SigningProfileVersionArn",
)  # fmt: skip
_LAYER_SIZE = 1_048_576


def dressed(base: dict[str, Any], function: Remembered, version: str, *, listed: bool) -> dict[str, Any]:
    """Moto's configuration with every member as AWS gives it; ``listed`` leaves out what only Get shows."""
    spec = function.spec if version == LATEST else function.versions[version]
    shown = {name: value for name, value in base.items() if value is not None}
    for member in (*_ONLY_ON_GET, "Environment", "Layers", "VpcConfig", "ImageConfigResponse"):
        shown.pop(member, None)
    shown.update({member: spec[member] for member in _AS_WRITTEN if spec.get(member) is not None})
    if not shown.get("KMSKeyArn"):
        shown.pop("KMSKeyArn", None)
    shown.update(
        FunctionArn=function.arn if version == LATEST else function.qualified(version),
        LastModified=function.modified,
        Version=version,
        RevisionId=function.revision("" if version == LATEST else version),
        LoggingConfig=_logging(spec, function.name),
        SnapStart=_snapstart(spec, version),
    )
    shown.update(_optional(spec))
    if not listed:
        shown.update(State="Active", LastUpdateStatus="Successful")
        if shown.get("Runtime"):
            digest = sha256(str(shown["Runtime"]).encode()).hexdigest()
            arn = function.arn.rpartition(":function:")[0].rpartition(":")[0]
            shown["RuntimeVersionConfig"] = {"RuntimeVersionArn": f"{arn}::runtime:{digest}"}
    return shown


def _logging(spec: dict[str, Any], name: str) -> dict[str, Any]:
    given = spec.get("LoggingConfig") or {}
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} if given.get("LogFormat") == "JSON" else {}
    return {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}", **levels, **given}


def _snapstart(spec: dict[str, Any], version: str) -> dict[str, Any]:
    apply_on = (spec.get("SnapStart") or {}).get("ApplyOn", "None")
    optimised = apply_on == "PublishedVersions" and version != LATEST
    return {"ApplyOn": apply_on, "OptimizationStatus": "On" if optimised else "Off"}


def _optional(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (spec.get("Environment") or {}).get("Variables"):
        found["Environment"] = {"Variables": spec["Environment"]["Variables"]}
    if spec.get("Layers"):
        found["Layers"] = [{"Arn": arn, "CodeSize": _LAYER_SIZE} for arn in spec["Layers"]]
    if (spec.get("VpcConfig") or {}).get("SubnetIds"):
        found["VpcConfig"] = {"Ipv6AllowedForDualStack": False, **spec["VpcConfig"]}
    if spec.get("ImageConfig"):
        found["ImageConfigResponse"] = {"ImageConfig": spec["ImageConfig"]}
    return found


def location(call: Call, account: Account, function: Remembered, code: dict[str, Any]) -> dict[str, Any]:
    """The Code member of GetFunction: an image with its digest, or a presigned address."""
    if "ImageUri" in code:
        return _image(call, account, code["ImageUri"])
    if uploaded(call, account, code) is not None:
        return {"RepositoryType": "S3", "Location": presigned(call, code)}
    code_id = identifier("code", function.arn, function.modified)
    signature = sha256(code_id.encode()).hexdigest()
    token = sha256(f"token {code_id}".encode()).hexdigest()
    address = (
        f"https://awslambda-{call.region}-tasks.s3.{call.region}.amazonaws.com/snapshots/{account.id}/"
        f"{function.name}-{code_id}?versionId={signature[:32]}&X-Amz-Security-Token={token}"
        f"&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=600&X-Amz-Signature={signature}"
    )
    found = {"RepositoryType": "S3", "Location": address}
    if code.get("SourceKMSKeyArn"):
        found["SourceKMSKeyArn"] = code["SourceKMSKeyArn"]
    return found


def _image(call: Call, account: Account, uri: str) -> dict[str, Any]:
    repository, _, tag = uri.rpartition(":") if "@" not in uri else (uri.partition("@")[0], "", "")
    digest = uri.partition("@")[2]
    if tag:
        asked = {"repositoryName": repository.partition("/")[2], "imageIds": [{"imageTag": tag}]}
        target = "AmazonEC2ContainerRegistry_V20150921.DescribeImages"
        answer = account.ask(call, "ecr", target, asked)
        images = answer.json().get("imageDetails", [])
        digest = images[0]["imageDigest"] if images else f"sha256:{sha256(uri.encode()).hexdigest()}"
    return {"RepositoryType": "ECR", "ImageUri": uri, "ResolvedImageUri": f"{repository}@{digest}"}
