"""Azure Monitor's metrics of an app: counts a day, made from a few numbers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from moto_fixtures.azure import errors
from moto_fixtures.azure.tenant import Resource, Tenant
from moto_fixtures.azure.traffic import Traffic
from moto_fixtures.azure.wire import Call, encoded
from moto_fixtures.emulation.wire import Answer

_UNITS = 64_000
"""Memory times time of one execution, in MB-milliseconds."""
_LONGEST = 93


_METRICS: dict[str, Callable[[Traffic, int], float]] = {
    "functionexecutioncount": lambda traffic, age: float(traffic.on(age)),
    "functionexecutionunits": lambda traffic, age: float(traffic.on(age) * _UNITS),
    "requests": lambda traffic, age: float(traffic.on(age) if traffic.http else 0),
    "http5xx": lambda traffic, age: float(int(traffic.on(age) * traffic.failing) if traffic.http else 0),
}


def metrics(call: Call, resource: Resource, tenant: Tenant) -> Answer:
    """The metrics asked for, one total a day of the time span."""
    names = [name for name in call.query.get("metricnames", "").split(",") if name]
    unknown = next((name for name in names if name.lower() not in _METRICS), "" if names else "(none)")
    if unknown:
        raise errors.ArmError(
            400, "BadRequest", f"Failed to find metric configuration for metric: {unknown}.", "service"
        )
    start, end = _span(call.query.get("timespan", ""))
    traffic = tenant.traffic.get(resource.id.lower(), Traffic())
    today = datetime.now(UTC).date()
    days = [start + timedelta(days=number) for number in range(max(1, min(_LONGEST, (end - start).days)))]
    stamps = [(day.strftime("%Y-%m-%dT00:00:00Z"), (today - day.date()).days) for day in days]
    rows = [
        {
            "id": f"{resource.id}/providers/Microsoft.Insights/metrics/{name}",
            "type": "Microsoft.Insights/metrics",
            "name": {"value": name, "localizedValue": name},
            "displayDescription": f"{name} of the app.",
            "unit": "Count",
            "timeseries": [
                {
                    "metadatavalues": [],
                    "data": [
                        {"timeStamp": stamp, "total": _METRICS[name.lower()](traffic, age)} for stamp, age in stamps
                    ],
                }
            ],
            "errorCode": "Success",
        }
        for name in names
    ]
    return Answer(
        200,
        encoded(
            {
                "cost": len(days) * 1440 * len(names),
                "timespan": f"{start:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}",
                "interval": call.query.get("interval", "PT1M"),
                "value": rows,
                "namespace": "Microsoft.Web/sites",
                "resourceregion": str(resource.body["location"]).replace(" ", "").lower(),
            }
        ),
    )


def _span(text: str) -> tuple[datetime, datetime]:
    start, _, end = text.partition("/")
    try:
        found = datetime.fromisoformat(start), datetime.fromisoformat(end)
    except ValueError:
        raise errors.ArmError(400, "BadRequest", f"Detected invalid time span: '{text}'.", "service") from None
    first, last = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in found)
    return first, last
