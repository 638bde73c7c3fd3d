"""A cloud of two operations, as the tool sees it: nothing in it is copied from another provider."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from auditor.errors import UsageError
from auditor.model.capture import Capture
from auditor.model.inventory import Inventory
from auditor.provider import CollectOptions, Operation, Probe, Recorder, Rollout, Target
from providers.cloud_provider import CloudProvider
from tests.unit.providers.toy.gateway import SCOPE
from tests.unit.providers.toy.normalize import CLOUD, normalize
from tests.unit.providers.toy.operations import LISTING, OPERATIONS
from tests.unit.providers.toy.session import NO_CREDENTIALS, Session


class ToyProvider(CloudProvider[Session, Any]):
    """Implements :class:`auditor.provider.Provider`."""

    cloud = CLOUD
    operations: tuple[Operation, ...] = OPERATIONS
    listing = LISTING

    def usable(self, options: CollectOptions) -> str | None:
        return None if os.environ.get("TOY_TOKEN") else NO_CREDENTIALS

    def open(self, options: CollectOptions) -> Session:
        return Session(options)

    def gateway_kind(self) -> type:
        from tests.unit.providers.toy.gateway import Gateway

        return Gateway

    def read(self, gateway: Any, options: CollectOptions, recorder: Recorder) -> None:
        from tests.unit.providers.toy.collect import read_functions

        read_functions(gateway, options, recorder)

    def aims(self, gateway: Any, options: CollectOptions) -> Iterable[Target]:
        return (Target(SCOPE) for _ in [gateway])

    def examine(self, gateway: Any, options: CollectOptions) -> Iterable[Probe]:
        from tests.unit.providers.toy.doctor import examine

        return examine(gateway)

    def rollout(self, asked: Rollout) -> tuple[str, str]:
        raise UsageError(f"--format {asked.form}: the toy cloud has no organisations.")

    def normalize(self, capture: Capture) -> Inventory:
        return normalize(capture)

    def policy(self, tiers: Iterable[str], scope: str | None = None) -> Mapping[str, Any]:
        return {"allow": sorted(one.permission for one in self.operations if one.tier in ("base", *tiers))}
