"""What every az command of a repair needs: the subscription it is about, and the container app where there is no site.

A command without a full resource id works in whatever subscription is the default of whoever pastes it. Commands for
sites (``az functionapp``, ``Microsoft.Web/sites``) have no object where functions are a container app of their own
(``Microsoft.App/containerApps``, kind ``functionapp``): its settings are variables of its template, its authentication
is ``authConfigs/current``. Commands: reference of the Azure CLI, "az containerapp", "az containerapp auth"; properties:
ARM reference, Microsoft.App/containerApps and containerApps/authConfigs.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

_COMMAND: Final = re.compile(
    r"(?P<start>^|&& |\| |; )az (?P<words>[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)*)(?P<options>(?: --.*)?)$", re.MULTILINE
)
_PLACED: Final = re.compile(r" --(?:ids|scope|subscription)[ =]")
"""Options that say by themselves in which subscription the command works."""
_OF_NO_SUBSCRIPTION: Final = ("extension ", "login", "account ", "ad ")
_MARK: Final = "Container Apps"
"""The comment after a line of a template that is for container apps alone."""
_HERE: Final = r"--resource-group \{group\} --name \{app\}(?:\{of_slot\})?"
_NO_SITE: Final = "# a container app of its own: there is no app of App Service that a command could change"
_OF_SITES: Final = re.compile(
    r"az (?:functionapp|webapp|appservice) |az resource (?:update|delete) --ids \{id\}(?:/| )|--group-id sites"
    r"|Microsoft\.Web/sites|--resource \{id\}|--endpoint \{id\}"
)
_REFERENCE: Final = re.compile(r"(?P<name>\S+?)'?=@Microsoft\.KeyVault\(SecretUri=(?P<address>[^)]+)\)'")


@lru_cache(maxsize=1024)  # the commands of a check are those of each of its findings
def in_subscription(template: str) -> str:
    """The template with ``--subscription {account}`` in each az command that names no subscription otherwise."""
    return _COMMAND.sub(_placed, template)


def _placed(found: re.Match[str]) -> str:
    words, options = found["words"], found["options"]
    if words.startswith(_OF_NO_SUBSCRIPTION) or _PLACED.search(options):
        return found[0]
    return f"{found['start']}az {words} --subscription {{account}}{options}"


def in_container_app(template: str) -> str:
    """The template for functions that are a container app: what stands for sites is said for it, or left out.

    Lines marked ``# Container Apps`` take the place of all lines for sites.
    """
    lines = template.splitlines()
    marked = [line.rpartition("  # ")[0] for line in lines if _is_marked(line)]
    made: list[str] = []
    for line in lines:
        if _is_marked(line):
            continue
        if not _OF_SITES.search(line):
            made.append(line)
        elif not marked:
            made += _said_anew(line)
    made += marked
    commands = [line for line in made if not line.startswith("#")]
    return "\n".join(dict.fromkeys(made)) if commands else _NO_SITE


def outside_container_apps(template: str) -> str:
    """The template without the lines that are for container apps alone."""
    return "\n".join(line for line in template.splitlines() if not _is_marked(line))


def _is_marked(line: str) -> bool:
    return line.rpartition("  # ")[2] == _MARK


def _said_anew(line: str) -> Iterator[str]:
    for pattern, say in _ANEW:
        found = pattern.fullmatch(line)
        if found is not None:
            yield from say(found)
            return


def _set(found: re.Match[str]) -> Iterator[str]:
    """Settings become variables; one that refers to a vault becomes a secret of the container app and its variable."""
    reference = _REFERENCE.fullmatch(found["settings"])
    if reference is None:
        yield f"az containerapp update --ids {{id}} --set-env-vars {found['settings']}"
        return
    address, name = reference["address"], reference["name"].lstrip("'")
    yield f"az containerapp secret set --ids {{id}} --secrets '<secret>=keyvaultref:{address},identityref:system'"
    yield f"az containerapp update --ids {{id}} --set-env-vars {name}=secretref:<secret>"


def _one(text: str) -> Callable[[re.Match[str]], Iterator[str]]:
    """One command, with what the pattern found in its groups."""
    return lambda found: iter((found.expand(text),))


_ANEW: Final = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (rf"az functionapp config appsettings set {_HERE} --settings (?P<settings>.+)", _set),
        (
            rf"az functionapp config appsettings delete {_HERE} --setting-names (?P<names>.+)",
            _one(r"az containerapp update --ids {id} --remove-env-vars \g<names>"),
        ),
        (
            rf"az functionapp config container set {_HERE} --image (?P<image>.+)",
            _one(r"az containerapp update --ids {id} --image \g<image>"),
        ),
        (
            rf"az functionapp identity assign {_HERE}(?: --identities \[system\])?",
            _one("az containerapp identity assign --resource-group {group} --name {app} --system-assigned"),
        ),
        (
            rf"az functionapp identity remove {_HERE} --identities (?P<identity>.+)",
            _one(r"az containerapp identity remove --resource-group {group} --name {app} --user-assigned \g<identity>"),
        ),
        (
            rf"az functionapp update {_HERE} --set httpsOnly=true",
            _one("az containerapp ingress update --ids {id} --allow-insecure false"),
        ),
        (
            rf"az functionapp update {_HERE} --set clientCertEnabled=true clientCertMode=Required",
            _one("az resource update --ids {id} --set properties.configuration.ingress.clientCertificateMode=require"),
        ),
        (
            r"az resource update --ids \{id\}/config/web --set properties\.functionAppScaleLimit=(?P<limit>\S+)",
            _one(r"az containerapp update --ids {id} --max-replicas \g<limit>"),
        ),
        (
            r"az resource update --ids \{id\}/config/authsettingsV2 --set .*requireAuthentication=true.*",
            _one("az containerapp auth update --ids {id} --enabled true --action Return401"),
        ),
        (
            r"az resource update --ids \{id\}/config/authsettingsV2 --set (?P<changes>.+)",
            _one(r"az resource update --ids {id}/authConfigs/current --set \g<changes>"),
        ),
        (
            r"az lock create (?P<how>.+) --resource-type Microsoft\.Web/sites",
            _one(r"az lock create \g<how> --resource-type Microsoft.App/containerApps"),
        ),
        (
            r"az monitor metrics list --resource \{id\} .*",
            _one("az monitor metrics list --resource {id} --metrics Requests Replicas --interval P1D"),
        ),
    )
)
