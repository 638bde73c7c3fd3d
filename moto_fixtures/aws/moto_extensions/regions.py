"""Regions and their opt-in status, told alike by EC2 and by Account Management."""

from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, window
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_BY_DEFAULT = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
_OPT_IN = (
    "af-south-1", "ap-east-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ca-west-1", "eu-central-2",
    "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
)  # fmt: skip


def _members(call: Call, prefix: str) -> list[str]:
    return [value for name, value in call.form.items() if name.startswith(prefix)]


def _filters(call: Call) -> dict[str, list[str]]:
    found = {}
    for name, value in call.form.items():
        if name.startswith("Filter.") and name.endswith(".Name"):
            found[value] = _members(call, name.removesuffix("Name") + "Value.")
    return found


@completes("ec2", "DescribeRegions")
def describe_regions(call: Call, _account: Account) -> Answer:
    """Enabled regions, or with AllRegions every one; names and the opt-in-status filter narrow."""
    status = dict.fromkeys(_BY_DEFAULT, "opt-in-not-required")
    if call.form.get("AllRegions") == "true":
        status.update(dict.fromkeys(_OPT_IN, "not-opted-in"))
    names = _members(call, "RegionName.") or _filters(call).get("region-name") or list(status)
    wanted = _filters(call).get("opt-in-status")
    items = "".join(
        f"<item><optInStatus>{status[name]}</optInStatus><regionName>{name}</regionName>"
        f"<regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint></item>"
        for name in sorted(status)
        if name in names and (wanted is None or status[name] in wanted)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        "<requestId>59dbff89-35bd-4eac-99ed-be587ed81825</requestId>"
        f"<regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    )
    return Answer(200, xml.encode(), {"Content-Type": "text/xml"})


@completes("account", "ListRegions")
def list_regions(call: Call, _account: Account) -> Answer:
    """Every region with its status, in pages of 50 or fewer."""
    body = call.json()
    wanted = body.get("RegionOptStatusContains")
    status = dict.fromkeys(_BY_DEFAULT, "ENABLED_BY_DEFAULT") | dict.fromkeys(_OPT_IN, "DISABLED")
    rows = [
        {"RegionName": name, "RegionOptStatus": status[name]}
        for name in sorted(status)
        if not wanted or status[name] in wanted
    ]
    start, end, token = window(
        len(rows), body.get("NextToken"), int(body.get("MaxResults") or 50), "ValidationException"
    )
    members: dict[str, Any] = {"Regions": rows[start:end]}
    if token:
        members["NextToken"] = token
    return as_json(members)
