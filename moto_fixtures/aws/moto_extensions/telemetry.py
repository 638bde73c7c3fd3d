"""X-Ray's encryption settings, CloudTrail's event selectors and Config's recorder status."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_JSON = "application/x-amz-json-1.1"
_TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
_DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


@dataclass
class TelemetryMemory:
    """X-Ray's encryption in one region; the account's event selectors, by trail ARN."""

    encryption: dict[str, str] = field(default_factory=lambda: {"Status": "ACTIVE", "Type": "NONE"})
    selectors: dict[str, dict[str, Any]] = field(default_factory=dict)


@completes("xray", "GetEncryptionConfig")
def get_encryption(call: Call, account: Account) -> Answer:
    """How traces are encrypted."""
    return as_json({"EncryptionConfig": account.of(TelemetryMemory, call.region).encryption})


@completes("xray", "PutEncryptionConfig")
def put_encryption(call: Call, account: Account) -> Answer:
    """Sets default encryption or a customer key."""
    encryption = account.of(TelemetryMemory, call.region).encryption
    encryption.update(call.json())
    return as_json({"EncryptionConfig": encryption})


def _trail(call: Call, account: Account) -> str:
    """The ARN of the trail a call names by name or ARN, as seen from the call's region."""
    named = call.json()["TrailName"]
    listed = account.ask(call, "cloudtrail", _TARGET + "DescribeTrails", {}).json()["trailList"]
    for trail in listed:
        if named in (trail["Name"], trail["TrailARN"]):
            return str(trail["TrailARN"])
    raise ServiceError("TrailNotFoundException", f"Unknown trail: {named} for the user: {account.id}")


@completes("cloudtrail", "GetEventSelectors")
def get_selectors(call: Call, account: Account) -> Answer:
    """The basic or the advanced selectors; management events alone for a trail never told otherwise."""
    arn = _trail(call, account)
    kept = account.of(TelemetryMemory).selectors.get(arn, {"EventSelectors": [_DEFAULT_SELECTOR]})
    return as_json({"TrailARN": arn, **kept}, kind=_JSON)


@completes("cloudtrail", "PutEventSelectors")
def put_selectors(call: Call, account: Account) -> Answer:
    """Sets basic or advanced selectors, each replacing the other."""
    arn, body = _trail(call, account), call.json()
    both = "EventSelectors" in body and "AdvancedEventSelectors" in body
    if both:
        message = "You can use either EventSelectors or AdvancedEventSelectors, not both."
        raise ServiceError("InvalidEventSelectorsException", message)
    selectors = {name: value for name, value in body.items() if name != "TrailName"}
    account.of(TelemetryMemory).selectors[arn] = selectors
    return as_json({"TrailARN": arn, **selectors}, kind=_JSON)


@completes("config", "DescribeConfigurationRecorderStatus")
def recorder_status(call: Call, account: Account) -> Answer:
    """Moto's status, where a running recorder has delivered already."""
    answer = account.moto(call)
    if answer.status != 200:
        return answer
    members = answer.json()
    for recorder in members["ConfigurationRecordersStatus"]:
        if recorder["recording"]:
            recorder["lastStatus"] = "SUCCESS"
    return as_json(members, kind=_JSON)
