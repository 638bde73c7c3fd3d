"""Flags HTTP handlers that demand the master key of the app."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AZURE: Fix(
        text="Set the authLevel of the handler to function in the code, deploy, give its callers the new key, and renew"
        " the master key.",
        breaks="Callers that send the master key are refused after it was renewed, in every handler of the app.",
        no_command="The authLevel is set in the code of the app.",
        no_terraform="The authLevel is set in the code of the app.",
    ),
}


@check(
    id="handler-needs-master-key",
    title="HTTP handler requires the master key",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("az-func-admin-authlevel-trigger",),
    references=("https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to",),
    cwe=250,
)
def handler_needs_master_key(function: Function, _context: Context) -> Iterator[Hit]:
    """Every caller of a handler with authLevel admin holds the master key, which opens all handlers and the
    administration of the app: it lists and sets keys, and can read and write files. A function key is enough to call
    one handler.
    """
    for handler in function.handlers.need():
        if handler.http is not None and handler.http.auth is HandlerAuth.ADMIN_KEY:
            yield Hit(
                message=f"HTTP handler {handler.name} of {function.name} has authLevel admin",
                evidence=(cite(function.handlers, f"{handler.name}: authLevel = admin"),),
                locus=handler.name,
            )
