"""What starts a function: a topic, a bucket, an audit log. Tells the record, and makes what delivers the events."""

from dataclasses import dataclass, field
from urllib.parse import quote

from moto_fixtures.gcp.organization import Project, Resource, digest, merged, uid
from moto_fixtures.gcp.wire import Json

TRIGGER = "eventarc.googleapis.com/Trigger"
SUBSCRIPTION = "pubsub.googleapis.com/Subscription"
PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished"
FINALIZED = "google.cloud.storage.object.v1.finalized"
AUDIT = "google.cloud.audit.log.v1.written"


@dataclass(frozen=True)
class Event:
    """An event trigger. ``topic`` is a topic's full name, ``filters`` Eventarc's (attribute, value, operator).

    ``account`` delivers the events ("": the compute account); ``dead_letter`` is the topic for what fails for good.
    ``subscription`` is laid over the subscription that delivers.
    """

    type: str
    topic: str = ""
    filters: tuple[tuple[str, str, str], ...] = ()
    account: str = ""
    retry: bool = False
    dead_letter: str = ""
    channel: str = ""
    subscription: Json = field(default_factory=dict)

    def trigger(self, project: Project, name: str, location: str) -> Json:
        """The event trigger in the record of a function of the second generation."""
        body: Json = {
            "trigger": project.name(location, "triggers", f"{name}-{digest(name, 6)}"),
            "triggerRegion": location,
            "eventType": self.type,
            "retryPolicy": "RETRY_POLICY_RETRY" if self.retry else "RETRY_POLICY_DO_NOT_RETRY",
            "serviceAccountEmail": self.account or project.compute_account,
        }
        if self.topic:
            body["pubsubTopic"] = self.topic
        if self.filters:
            body["eventFilters"] = self._filters()
        return {**body, "channel": self.channel} if self.channel else body

    def older(self) -> Json:
        """The event trigger in the record of a function of the first generation, in the words of version 2."""
        bucket = next((value for attribute, value, _ in self.filters if attribute == "bucket"), "")
        body: Json = {
            "eventType": "google.pubsub.topic.publish" if self.topic else "google.storage.object.finalize",
            "eventFilters": [{"attribute": "resource", "value": self.topic or f"projects/_/buckets/{bucket}"}],
            "service": "pubsub.googleapis.com" if self.topic else "storage.googleapis.com",
            "retryPolicy": "RETRY_POLICY_RETRY" if self.retry else "RETRY_POLICY_DO_NOT_RETRY",
        }
        return {**body, "pubsubTopic": self.topic} if self.topic else body

    def subscribe(self, project: Project, function: Resource) -> None:
        """Makes the subscription by which a topic starts a function of the first generation."""
        name = f"gcf-{function.short}-{function.location}-{self.topic.rpartition('/')[2]}"
        full = f"projects/{project.id}/subscriptions/{name}"
        body: Json = {
            "name": full,
            "topic": self.topic,
            "pushConfig": {
                "pushEndpoint": f"https://{digest(full, 12)}-dot-{digest(project.id, 10)}p-tp.appspot.com/_ah/push"
            },
            "ackDeadlineSeconds": 600,
            "messageRetentionDuration": "604800s",
            "expirationPolicy": {},
            "state": "ACTIVE",
        }
        if self.dead_letter:
            body["deadLetterPolicy"] = {"deadLetterTopic": self.dead_letter, "maxDeliveryAttempts": 5}
        project.add(Resource(SUBSCRIPTION, full, merged(body, self.subscription)))

    def deliver(self, project: Project, function: Resource, service: Resource) -> None:
        """Makes the Eventarc trigger and the subscription that pushes its events to the service."""
        said = function.body["eventTrigger"]
        name = said["trigger"].rpartition("/")[2]
        topic = self.topic or f"projects/{project.id}/topics/eventarc-{said['triggerRegion']}-{name}-001"
        pushing = f"projects/{project.id}/subscriptions/eventarc-{said['triggerRegion']}-{name}-sub-001"
        project.add(
            Resource(TRIGGER, said["trigger"], self._body(project, said, service, topic, pushing), function.location)
        )
        mode = f"__GCP_CloudEventsMode=CUSTOM_PUBSUB_{quote(topic, safe='')}"
        token = {"serviceAccountEmail": said["serviceAccountEmail"], "audience": service.body["uri"]}
        body: Json = {
            "name": pushing,
            "topic": topic,
            "pushConfig": {
                "pushEndpoint": f"{service.body['uri']}?{mode}",
                "oidcToken": token,
                "attributes": {"x-goog-version": "v1"},
            },
            "ackDeadlineSeconds": 600,
            "messageRetentionDuration": "86400s",
            "labels": {"goog-drz-eventarc-location": function.location, "goog-eventarc": ""},
            "expirationPolicy": {},
            "retryPolicy": {"minimumBackoff": "10s", "maximumBackoff": "600s"},
            "state": "ACTIVE",
        }
        if self.dead_letter:
            body["deadLetterPolicy"] = {"deadLetterTopic": self.dead_letter, "maxDeliveryAttempts": 5}
        project.add(Resource(SUBSCRIPTION, pushing, merged(body, self.subscription)))

    def _body(self, project: Project, said: Json, service: Resource, topic: str, subscription: str) -> Json:
        body: Json = {
            "name": said["trigger"],
            "uid": uid(said["trigger"]),
            "createTime": project.estate.ago(700),
            "updateTime": project.estate.ago(21),
            "eventFilters": [{"attribute": "type", "value": self.type}, *self._filters()],
            "serviceAccount": said["serviceAccountEmail"],
            "destination": {"cloudRun": {"service": service.short, "region": service.location, "path": "/"}},
            "transport": {"pubsub": {"topic": topic, "subscription": subscription}},
            "labels": {"goog-managed-by": "cloudfunctions", "goog-drz-cloudfunctions-id": service.short},
            "eventDataContentType": "application/json",
            "etag": f'"{digest(said["trigger"])}"',
        }
        return {**body, "channel": self.channel} if self.channel else body

    def _filters(self) -> list[Json]:
        return [
            {"attribute": attribute, "value": value} | ({"operator": operator} if operator else {})
            for attribute, value, operator in self.filters
        ]


def published(topic: str, **rest: object) -> Event:
    """Messages on a topic, given by its full name."""
    return Event(PUBLISHED, topic=topic, **rest)  # type: ignore[arg-type] # the dataclass's own members


def finalized(bucket: str, **rest: object) -> Event:
    """Objects that arrive in a bucket."""
    return Event(FINALIZED, filters=(("bucket", bucket, ""),), **rest)  # type: ignore[arg-type] # the same
