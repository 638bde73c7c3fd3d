"""The runtimes the platform offers, with their last days, as ``functionAppStacks`` lists them."""

from typing import Any

# stack, what the runtime is called on Linux ("" where there is none), version, last day ("" where none is named)
_ENDS = (
    ("dotnet", "DOTNET-ISOLATED", "10.0", "2028-11-14"),
    ("dotnet", "DOTNET-ISOLATED", "9.0", "2026-11-10"),
    ("dotnet", "DOTNET-ISOLATED", "8.0", "2026-11-10"),
    ("dotnet", "DOTNET", "8.0", "2026-11-10"),
    ("dotnet", "DOTNET-ISOLATED", "6.0", "2024-11-12"),
    ("dotnet", "DOTNET", "6.0", "2024-11-12"),
    ("node", "NODE", "24", "2028-04-30"),
    ("node", "NODE", "22", "2027-04-30"),
    ("node", "NODE", "20", "2026-04-30"),
    ("node", "NODE", "18", "2025-04-30"),
    ("python", "PYTHON", "3.13", "2029-10-31"),
    ("python", "PYTHON", "3.12", "2028-10-31"),
    ("python", "PYTHON", "3.11", "2027-10-31"),
    ("python", "PYTHON", "3.10", "2026-10-31"),
    ("python", "PYTHON", "3.9", "2025-10-31"),
    ("java", "JAVA", "25", "2029-05-31"),
    ("java", "JAVA", "21", "2028-09-30"),
    ("java", "JAVA", "17", "2027-09-30"),
    ("java", "JAVA", "11", "2027-09-30"),
    ("powershell", "POWERSHELL", "7.6", "2028-11-14"),
    ("powershell", "POWERSHELL", "7.4", "2026-11-10"),
    ("custom", "", "custom", ""),
)
_DISPLAYED = {"dotnet": ".NET", "node": "Node.js", "python": "Python", "java": "Java", "powershell": "PowerShell Core",
              "custom": "Custom Handler"}  # fmt: skip
_ENDED = frozenset({"6.0", "18", "3.9"})


def stacks() -> list[dict[str, Any]]:
    """One row a stack."""
    return [
        {
            "id": f"/providers/Microsoft.Web/functionAppStacks/{stack}",
            "location": None,
            "name": stack,
            "type": "Microsoft.Web/functionAppStacks",
            "properties": {
                "displayText": shown,
                "value": stack,
                "preferredOs": "linux" if stack == "python" else "windows",
                "majorVersions": [_major(stack, *row) for name, *row in _ENDS if name == stack],
            },
        }
        for stack, shown in _DISPLAYED.items()
    ]


def _major(stack: str, linux: str, version: str, ends: str) -> dict[str, Any]:
    worker = "dotnet-isolated" if linux == "DOTNET-ISOLATED" else stack
    shown = f"{_DISPLAYED[stack]} {version}{' Isolated' if worker == 'dotnet-isolated' else ''}"
    settings: dict[str, Any] = {}
    if stack != "python":
        settings["windowsRuntimeSettings"] = _runtime(_on_windows(stack, version), version, worker, ends)
    if linux:
        settings["linuxRuntimeSettings"] = _runtime(f"{linux}|{version}", version, worker, ends, linux=True)
    minor = {"displayText": shown, "value": version, "stackSettings": settings}
    return {"displayText": shown, "value": shown.replace(" ", "").lower(), "minorVersions": [minor]}


def _on_windows(stack: str, version: str) -> str:
    return {"dotnet": f"v{version}", "node": f"~{version}"}.get(stack, version)


def _runtime(name: str, version: str, worker: str, ends: str, *, linux: bool = False) -> dict[str, Any]:
    config: dict[str, Any] = {"use32BitWorkerProcess": False}
    config |= {"linuxFxVersion": name} if linux else {}
    settings: dict[str, Any] = {
        "runtimeVersion": name,
        "remoteDebuggingSupported": False,
        "appInsightsSettings": {"isSupported": True},
        "gitHubActionSettings": {"isSupported": True, "supportedVersion": version},
        "appSettingsDictionary": {"FUNCTIONS_WORKER_RUNTIME": worker},
        "siteConfigPropertiesDictionary": config,
        "supportedFunctionsExtensionVersions": ["~4"],
    }
    settings |= {"endOfLifeDate": f"{ends}T00:00:00Z"} if ends else {}
    return settings | ({"isDeprecated": True} if version in _ENDED else {})
