"""The runtimes the functions API lists, with the dates of Google's schedule."""

from moto_fixtures.gcp.wire import Json

_SCHEDULE = (
    ("nodejs16", "Node.js 16", "2024-01-30", "2025-01-30", "DECOMMISSIONED"),
    ("nodejs18", "Node.js 18", "2025-04-30", "2025-10-30", "DECOMMISSIONED"),
    ("nodejs20", "Node.js 20", "2026-04-30", "2026-10-30", "DECOMMISSIONED"),
    ("nodejs22", "Node.js 22", "2027-04-30", "2027-10-31", "GA"),
    ("nodejs24", "Node.js 24", "2028-04-30", "2028-10-31", "GA"),
    ("python37", "Python 3.7", "2024-01-30", "2025-01-30", "DECOMMISSIONED"),
    ("python38", "Python 3.8", "2024-10-14", "2025-10-14", "DECOMMISSIONED"),
    ("python39", "Python 3.9", "2025-10-05", "2026-04-05", "DECOMMISSIONED"),
    ("python310", "Python 3.10", "2026-10-04", "2027-04-04", "DEPRECATED"),
    ("python311", "Python 3.11", "2027-10-24", "2028-04-24", "GA"),
    ("python312", "Python 3.12", "2028-10-02", "2029-04-02", "GA"),
    ("python313", "Python 3.13", "2029-10-10", "2030-04-10", "GA"),
    ("python314", "Python 3.14", "2030-10-10", "2031-04-10", "GA"),
    ("go125", "Go 1.25", "", "", "GA"),
    ("java21", "Java 21", "2031-09-30", "", "GA"),
    ("ruby34", "Ruby 3.4", "2028-03-31", "2028-09-30", "GA"),
    ("php84", "PHP 8.4", "2028-12-31", "2029-06-30", "GA"),
    ("dotnet8", ".NET 8", "2026-11-10", "2027-05-10", "DEPRECATED"),
)


def _date(text: str) -> Json:
    year, month, day = (int(part) for part in text.split("-"))
    return {"year": year, "month": month, "day": day}


def _runtime(row: tuple[str, str, str, str, str], generation: str) -> Json:
    name, title, deprecation, decommission, stage = row
    made: Json = {"name": name, "displayName": title, "stage": stage, "environment": generation}
    if stage != "GA":
        made["warnings"] = [f"{title} is no longer supported."]
    if deprecation:
        made["deprecationDate"] = _date(deprecation)
    return {**made, "decommissionDate": _date(decommission)} if decommission else made


RUNTIMES = [_runtime(row, generation) for row in _SCHEDULE for generation in ("GEN_1", "GEN_2")]
