"""The commands that close a function URL of AWS: its setting, and the statements that only it uses."""

import re
from typing import Final

from auditor.analysis import sites
from auditor.model.exposure import Endpoint
from auditor.model.function import Function

URL_COMMAND: Final = (
    "aws lambda update-function-url-config --region {location} --function-name {target} --auth-type AWS_IAM"
)
STATEMENT_COMMAND: Final = (
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}"
)
STATEMENT_HCL: Final = """\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "caller" {
  function_name = "{name}"
  statement_id  = "<caller>"
  action        = "lambda:InvokeFunction"
  principal     = "<account id or role ARN>"
}"""
_SID: Final = re.compile(r"[A-Za-z0-9_-]+")
"""What Lambda takes for a statement id; another one would not be its own."""


def closing(function: Function, endpoint: Endpoint) -> str:
    """A template with ``{target}``: requires IAM of its callers, and takes back the statements that only it uses.

    These admit everyone through it, and are of no use any more.
    """
    sids = (stated.grant.sid for stated in sites.opening(function, endpoint))
    removed = (STATEMENT_COMMAND.replace("{sid}", sid) for sid in sids if _SID.fullmatch(sid))
    return "\n".join((URL_COMMAND, *removed))
