"""Calls about what is logged, watched and measured."""

from typing import Final

from auditor.model.secret import Treatment
from providers.gcp.operations.declaration import FULL, GcpOperation, declare, listed

TELEMETRY: Final[tuple[GcpOperation, ...]] = (
    declare(
        "logging:ListSinks",
        "v2/projects/{project}/sinks",
        "logging.sinks.list",
        "where logs are exported to",
        pages="sinks",
        parameters={"pageSize": "500"},
        answer=listed("sinks", empty=""),  # every project has the ones named _Default and _Required
    ),
    declare(
        "logging:ListExclusions",
        "v2/projects/{project}/exclusions",
        "logging.exclusions.list",
        "which logs are thrown away",
        pages="exclusions",
        parameters={"pageSize": "500"},
    ),
    declare(
        "logging:ListBuckets",
        "v2/projects/{project}/locations/-/buckets",
        "logging.buckets.list",
        "how long logs are kept",
        pages="buckets",
        parameters={"pageSize": "500"},
        answer=listed("buckets", empty=""),  # every project has the ones named _Default and _Required
    ),
    declare(
        "logging:ListMetrics",
        "v2/projects/{project}/metrics",
        "logging.logMetrics.list",
        "which log entries are counted, and so can raise an alert",
        depth=FULL,
        pages="metrics",
        parameters={"pageSize": "500"},
    ),
    declare(
        "monitoring:ListAlertPolicies",
        "v3/projects/{project}/alertPolicies",
        "monitoring.alertPolicies.list",
        "which alerts there are",
        depth=FULL,
        pages="alertPolicies",
        parameters={"pageSize": "500"},
        redact={"alertPolicies[].documentation": Treatment.DROP},
        answer=listed("alertPolicies", totalSize=int),
    ),
    declare(
        "monitoring:ListTimeSeries",
        "v3/projects/{project}/timeSeries",
        "monitoring.timeSeries.list",
        "how often functions ran and how much memory they needed",
        depth=FULL,
        per_subject=True,
        pages="timeSeries",
        parameters={"aggregation.alignmentPeriod": "86400s", "pageSize": "50000"},
        answer=listed("timeSeries", "executionErrors", empty="", unit=str),  # an empty list still comes with its unit
    ),
)
