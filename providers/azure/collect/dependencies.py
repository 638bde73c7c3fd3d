"""What apps refer to: the storage account a host keeps its keys and code in, and the container app that hosts one."""

from functools import partial

from auditor.provider import CollectOptions
from providers.azure.collect.apps import App, selected
from providers.azure.collect.discovered_resources import Container, DiscoveredResources
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID
from providers.calls.work_queue import WorkQueue


class Dependencies:
    """Queues the calls about resources that apps refer to, each asked about once."""

    def __init__(self, gateway: Gateway, options: CollectOptions, survey: DiscoveredResources, work: WorkQueue) -> None:
        self._gateway = gateway
        self._options = options
        self._survey = survey
        self._work = work
        self._apps = [app for _, app in sorted(survey.apps.items()) if selected(app, options)]
        self._asked: set[tuple[str, str]] = set()

    def start(self) -> None:
        """Queues everything the depth asks."""
        for app in self._apps:
            for account in (self._survey.hosts.get(app.key, ""), app.package_account):
                self._account(account, app)
        owners = {app.key for app in self._apps}
        homes = {(app.environment, app.name) for app in self._apps if app.environment}
        functions = {app.key: app for app in self._survey.functions() if selected(app, self._options)}
        for key, container in sorted(self._survey.containers.items()):
            if key in functions or container.owner in owners or (container.environment, container.name) in homes:
                self._container(container)
        for app in functions.values():
            self._one("app:ListFunctions", app.scope, app.id)
        for app in (*self._apps, *functions.values()):
            self._identities(app)

    def _account(self, name: str, app: App) -> None:
        identifier, listed = self._survey.account(name)
        if not identifier:
            return
        scope = self._scope(identifier, app.scope)
        if not listed:
            self._one("storage:GetAccount", scope, identifier)
        self._one("storage:GetBlobServices", scope, identifier)
        self._one("storage:ListContainers", scope, identifier)

    def _identities(self, app: App) -> None:
        """Whether attached identities exist, who else may act as them, and which roles they hold through groups."""
        principals = [(app.scope, app.principal)]
        for identity, principal in app.identities:
            scope = self._scope(identity, app.scope)
            principals.append((scope, principal))
            if identity not in self._survey.identities:
                self._one("msi:GetIdentity", scope, identity)
            self._one("msi:ListFederatedCredentials", scope, identity)
        for scope, principal in principals:
            if principal and scope in self._survey.groups:
                self._one("authorization:ListAssignedRoles", scope, principal)

    def _container(self, container: Container) -> None:
        scope = self._scope(container.id, "")
        if not container.described:
            self._one("app:GetContainerApp", scope, container.id)
        self._one("app:GetAuthConfig", scope, container.id)

    def _scope(self, identifier: str, otherwise: str) -> str:
        """Whose answers these are: the resource's own subscription where this run reads it, else the app's."""
        parts = identifier.lower().split("/")
        own = parts[2] if len(parts) > 2 else ""
        return own if own in self._survey.scopes else otherwise

    def _one(self, operation_id: str, scope: str, identifier: str) -> None:
        operation = BY_ID[operation_id]
        once = (operation_id, identifier.lower())
        if self._options.depth.rank < operation.depth.rank or once in self._asked:
            return
        self._asked.add(once)
        ask = self._gateway.listing if operation.pages else self._gateway.call
        self._work.add((operation.bucket, scope), partial(ask, operation_id, scope, identifier))
