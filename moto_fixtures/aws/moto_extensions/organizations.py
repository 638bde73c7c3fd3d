"""The organization of the account: moto's, with an id that is the same at every start."""

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

ORGANIZATION = "o-f3rnh0ll0w"
_JSON = "application/x-amz-json-1.1"


@completes("organizations", "CreateOrganization", "DescribeOrganization")
def tell_organization(call: Call, account: Account) -> Answer:
    """Moto draws the id at random."""
    answer = account.moto(call)
    if answer.status != 200:
        return answer
    members = answer.json()
    organization = members["Organization"]
    renamed = {name: _renamed(value, organization["Id"]) for name, value in organization.items()}
    return as_json({"Organization": renamed}, kind=_JSON)


def _renamed(value: object, drawn: str) -> object:
    return value.replace(drawn, ORGANIZATION) if isinstance(value, str) else value
