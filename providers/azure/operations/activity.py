"""The call that tells what was changed since an earlier run; made only where there is one."""

from typing import Final

from auditor.model.secret import Treatment
from providers.azure.operations.declaration import STANDARD, AzureOperation, declare

ACTIVITY: Final[tuple[AzureOperation, ...]] = (
    declare(
        "insights:ListActivityEvents",
        "Microsoft.Insights/eventtypes/values/read",
        "which apps were changed since an earlier run whose answers are taken over (never by whom)",
        "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
        "2015-04-01",
        depth=STANDARD,
        pages="value",
        parameters={
            "$filter": "eventTimestamp ge '{since}' and eventTimestamp le '{until}'"
            " and resourceProvider eq 'Microsoft.Web'",
            "$select": "eventTimestamp,operationName,resourceId",
        },
        redact={f"value[].{name}": Treatment.DROP for name in ("authorization", "caller", "claims", "httpRequest")},
    ),
)
