"""ARM ids: compared in lower case, because Resource Graph and ARM spell the same id differently."""

import re
from typing import NamedTuple

_SITE = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourcegroups/[^/]+/providers/microsoft\.web/sites/"
    r"(?P<app>[^/]+)(?:/slots/(?P<slot>[^/]+))?"
)
_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)(?:/|$)")

SLOTS = "/slots/"


class SiteId(NamedTuple):
    """The parts of an app's id. ``slot`` None: the production app."""

    id: str
    subscription: str
    app: str
    slot: str | None

    @property
    def parent(self) -> str | None:
        """The id of the app a slot belongs to."""
        return self.id.partition(SLOTS)[0] if self.slot else None


def site_id(text: str) -> SiteId | None:
    """The app or slot of that id, None where it is the id of something else."""
    lowered = text.lower().rstrip("/")
    match = _SITE.fullmatch(lowered)
    return SiteId(lowered, match["subscription"], match["app"], match["slot"]) if match else None


_CONTAINER_APP = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourcegroups/[^/]+/providers/microsoft\.app/containerapps/(?P<app>[^/]+)"
)


def container_app_id(text: str) -> SiteId | None:
    """The container app of that id, named as an app without slots is."""
    lowered = text.lower().rstrip("/")
    match = _CONTAINER_APP.fullmatch(lowered)
    return SiteId(lowered, match["subscription"], match["app"], None) if match else None


def subscription_of(text: str) -> str | None:
    """The subscription an id lies in, None for what lies above subscriptions."""
    match = _SUBSCRIPTION.match(text.lower())
    return match[1] if match else None


def name_of(text: str) -> str:
    """The last part of an id."""
    return text.rstrip("/").rpartition("/")[2]


def location_of(text: str) -> str:
    """A location as Resource Graph writes it: ``West Europe`` is ``westeurope``."""
    return text.replace(" ", "").lower()
