"""Functions: writes go to moto and are remembered; reads are moto's answers with everything it lost put back."""

import copy
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.environment import obstacle
from moto_fixtures.aws.moto_extensions.lambda_configuration import dressed, location
from moto_fixtures.aws.moto_extensions.lambda_memory import LATEST, Remembered, memory, referred, split_reference, stamp
from moto_fixtures.aws.moto_extensions.lambda_packages import for_moto
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing, page_of
from moto_fixtures.aws.moto_extensions.signer import signature_of
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_PAGE = 50
_UNKNOWN_TO_MOTO = ("Layers", "VpcConfig")


def _moto_body(call: Call, account: Account, name: str) -> dict[str, Any]:
    """A body moto accepts: without foreign layers, and with code it does not have to fetch."""
    passed = {member: value for member, value in call.json().items() if member not in _UNKNOWN_TO_MOTO}
    if "Code" in passed:
        passed["Code"] = for_moto(call, account, passed["Code"], name)
    return passed


def _vpc(call: Call, account: Account, spec: dict[str, Any]) -> None:
    subnets = spec.get("VpcConfig", {}).get("SubnetIds")
    if subnets:
        form = {"Action": "DescribeSubnets", "Version": "2016-11-15", "SubnetId.1": subnets[0]}
        text = account.ask_query(call, "ec2", form).body.decode()
        spec["VpcConfig"]["VpcId"] = text.partition("<vpcId>")[2].partition("</vpcId>")[0]


@completes("lambda", "CreateFunction")
def create_function(call: Call, account: Account) -> Answer:
    """Creates in moto, remembers the whole request."""
    body = call.json()
    name = body["FunctionName"]
    answer = account.moto(call.with_json(_moto_body(call, account, name)))
    if answer.status >= 400:
        return answer
    created = answer.json()
    arn = created["FunctionArn"].partition(f":function:{name}")[0] + f":function:{name}"
    spec = {member: value for member, value in body.items() if member not in ("Tags", "Publish")}
    _vpc(call, account, spec)
    spec.update(signature_of(account, call.region, body["Code"]))
    function = Remembered(name, arn, spec, stamp(), code_signing=body.get("CodeSigningConfigArn"))
    memory(call, account).functions[name] = function
    version = LATEST
    if body.get("Publish"):
        version = str(created["Version"])
        function.versions[version] = copy.deepcopy(spec)
    return as_json(_shown(call, account, function, created, version, listed=False), 201)


@completes("lambda", "UpdateFunctionConfiguration")
def update_function_configuration(call: Call, account: Account) -> Answer:
    """Updates moto and the memory alike."""
    function, _ = referred(call, account)
    body = call.json()
    answer = account.moto(call.with_json(_moto_body(call, account, function.name)))
    function.spec.update(body)
    function.modified = stamp()
    function.moves += 1
    _vpc(call, account, function.spec)
    return as_json(_shown(call, account, function, answer.json(), LATEST, listed=False))


@completes("lambda", "UpdateFunctionCode")
def update_function_code(call: Call, account: Account) -> Answer:
    """Updates moto's code and remembers where the code came from and who signed it."""
    function, _ = referred(call, account)
    body = call.json()
    code: dict[str, Any] = {
        member: body[member] for member in ("S3Bucket", "S3Key", "ZipFile", "ImageUri") if member in body
    }
    answer = account.moto(call.with_json(for_moto(call, account, code, function.name)))
    function.spec["Code"] = code
    function.moves += 1
    for member in ("SigningJobArn", "SigningProfileVersionArn"):
        function.spec.pop(member, None)
    function.spec.update(signature_of(account, call.region, code))
    return as_json(_shown(call, account, function, answer.json(), LATEST, listed=False))


@completes("lambda", "PublishVersion")
def publish_version(call: Call, account: Account) -> Answer:
    """Publishes in moto and keeps the configuration the version froze."""
    function, _ = referred(call, account)
    answer = account.moto(call)
    published = answer.json()
    version = str(published["Version"])
    spec = copy.deepcopy(function.spec)
    if call.json().get("Description"):
        spec["Description"] = call.json()["Description"]
    function.versions.setdefault(version, spec)
    function.moves += 1
    return as_json(_shown(call, account, function, published, version, listed=False), 201)


@completes("lambda", "TagResource", "UntagResource")
def tag_resource(call: Call, account: Account) -> Answer:
    """Moto keeps the tags; like every change of the function they move its RevisionId."""
    answer = account.moto(call)
    found = memory(call, account).functions.get(split_reference(call.labels["Resource"])[0])
    if found is not None and answer.status < 400:
        found.moves += 1
    return answer


@completes("lambda", "DeleteFunction")
def delete_function(call: Call, account: Account) -> Answer:
    """Deletes a function with all that hangs on it, or one version."""
    function, qualifier = referred(call, account)
    account.moto(call)
    if qualifier:
        function.versions.pop(qualifier, None)
    else:
        del memory(call, account).functions[function.name]
    return nothing()


def _shown(
    call: Call, account: Account, function: Remembered, base: dict[str, Any], version: str, *, listed: bool
) -> dict[str, Any]:
    """One configuration as AWS shows it, variables withheld where their key forbids."""
    configuration = dressed(base, function, version, listed=listed)
    key = configuration.get("KMSKeyArn")
    if key and configuration.get("Environment"):
        withheld = obstacle(call, account, key)
        if withheld:
            configuration["Environment"] = withheld
    return configuration


def _listing(call: Call, account: Account, *, every_version: bool) -> list[dict[str, Any]]:
    """All rows of ListFunctions, kept until something in the account is written."""
    kept = memory(call, account)
    which = "ALL" if every_version else ""
    generation = account.generation
    at, rows = kept.listings.get(which, (-1, []))
    if at == generation:
        return rows
    target = "/2015-03-31/functions" + ("?FunctionVersion=ALL" if every_version else "")
    rows = []
    for base in account.moto(replace(call, target=target)).json()["Functions"]:
        function = kept.functions[base["FunctionName"]]
        row = _shown(call, account, function, base, str(base["Version"]), listed=True)
        row["FunctionArn"] = function.qualified(row["Version"]) if every_version else function.arn
        rows.append(row)
    kept.listings[which] = (generation, rows)
    return rows


@completes("lambda", "ListFunctions")
def list_functions(call: Call, account: Account) -> Answer:
    """Pages of 50 whatever MaxItems says, without the members only Get shows."""
    rows = _listing(call, account, every_version=call.argument("FunctionVersion") == "ALL")
    return page_of(call, "Functions", rows, _PAGE)


@completes("lambda", "ListVersionsByFunction")
def list_versions(call: Call, account: Account) -> Answer:
    """Every version of one function, $LATEST first."""
    function, _ = referred(call, account)
    rows = [row for row in _listing(call, account, every_version=True) if row["FunctionName"] == function.name]
    return page_of(call, "Versions", rows, _PAGE)


def _described(call: Call, account: Account) -> tuple[Remembered, dict[str, Any], dict[str, Any]]:
    function, qualifier = referred(call, account)
    version = function.version_of(qualifier)
    target = f"/2015-03-31/functions/{quote(function.name)}"
    if version != LATEST:
        target += f"?Qualifier={version}"
    described = account.moto(replace(call, target=target, method="GET", body=b"")).json()
    configuration = _shown(call, account, function, described["Configuration"], version, listed=False)
    asked = call.argument("Qualifier") or qualifier
    configuration["FunctionArn"] = function.qualified(asked)
    return function, configuration, described


@completes("lambda", "GetFunctionConfiguration")
def get_function_configuration(call: Call, account: Account) -> Answer:
    """One configuration with state and runtime version."""
    return as_json(_described(call, account)[1])


@completes("lambda", "GetFunction")
def get_function(call: Call, account: Account) -> Answer:
    """Configuration, where the code lies, tags and reserved concurrency."""
    function, configuration, described = _described(call, account)
    members: dict[str, Any] = {
        "Configuration": configuration,
        "Code": location(call, account, function, function.spec["Code"]),
    }
    if described.get("Tags"):
        members["Tags"] = described["Tags"]
    if function.reserved is not None:
        members["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved}
    return as_json(members)
