"""The inventory: every account of a capture, location by location."""

from dataclasses import replace

from auditor.model.capture import Capture
from auditor.model.function import Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.inventory import Inventory, Location, Scope
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import GLOBAL, Answers
from providers.aws.normalize.authorization import AuthorizationDetails
from providers.aws.normalize.compute import read_compute
from providers.aws.normalize.function import Functions
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.identity import Identities
from providers.aws.normalize.location import read_location
from providers.aws.normalize.logs import Logs
from providers.aws.normalize.principals import read_principals
from providers.aws.normalize.sources.connections import Connections
from providers.aws.normalize.sources.distributions import Distributions
from providers.aws.normalize.spend_alerts import read_spend_alerts


def normalize(capture: Capture) -> Inventory:
    """Reads this cloud's shards. Never raises for an answer, however malformed."""
    scopes: list[Scope] = []
    regions: list[Location] = []
    functions: list[Function] = []
    for account, locations in _accounts(capture):
        scopes.append(_account(capture, account, locations, regions, functions))
    return Inventory(scopes=tuple(scopes), locations=tuple(regions), functions=tuple(functions))


def _accounts(capture: Capture) -> list[tuple[str, tuple[str, ...]]]:
    """The accounts and the regions asked, also those that only the shards tell of."""
    found: dict[str, list[str]] = {}
    for cloud, account, locations in capture.facts.scopes:
        if cloud is Cloud.AWS:
            found.setdefault(account, []).extend(locations)
    for key in capture.shards():
        if key.cloud is Cloud.AWS:
            regions = found.setdefault(key.scope, [])
            if key.operation == "lambda:ListFunctions":
                regions.append(key.location)
    return [
        (account, tuple(sorted({region for region in regions if region != GLOBAL})))
        for account, regions in sorted(found.items())
    ]


def _account(
    capture: Capture, account: str, locations: tuple[str, ...], regions: list[Location], functions: list[Function]
) -> Scope:
    here = {location: Answers(capture, account, location) for location in locations}
    listed = {location: FunctionList(answers) for location, answers in here.items()}
    worldwide = Answers(capture, account, GLOBAL)
    partition = _partition(worldwide, listed)
    details = AuthorizationDetails(worldwide)
    distributions = Distributions(worldwide)
    identities = Identities(worldwide, partition, details)
    compute = read_compute(here, partition)
    for location in locations:
        answers = here.pop(location)
        logs = Logs(answers)
        connections = Connections(answers, partition, details, distributions, listed[location])
        build = Functions(answers, partition, listed[location], identities, logs, connections)
        found = _functions(build, listed[location])
        functions.extend(found)
        place = read_location(answers, partition, listed[location], logs, len(found))
        regions.append(replace(place, flows=connections.flows()))
    return Scope(
        id=scope_id(Cloud.AWS, account),
        cloud=Cloud.AWS,
        name=account,
        locations=locations,
        principals=read_principals(worldwide, details, identities),
        compute=compute,
        spend_alerts=read_spend_alerts(worldwide),
    )


def _functions(build: Functions, listed: FunctionList) -> list[Function]:
    found = [
        build.damaged(item, index) if arn is None else build.function(arn, item)
        for index, (arn, item) in enumerate(listed.functions())
    ]
    return sorted(found, key=lambda function: function.id)


def _partition(worldwide: Answers, listed: dict[str, FunctionList]) -> str:
    """The partition, as the caller's or a function's ARN names it."""
    caller = worldwide.one("sts:GetCallerIdentity")
    body = caller.value if caller.known else None
    arns = [body.get("Arn")] if isinstance(body, dict) else []
    arns.extend(min(found.arns) for found in listed.values() if found.arns)
    for arn in arns:
        parsed = parse_arn(arn)
        if parsed is not None:
            return parsed.partition
    return "aws"
