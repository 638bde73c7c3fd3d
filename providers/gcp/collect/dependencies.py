"""What functions refer to: accounts of other projects, topics, buckets, repositories, keys, connectors."""

import re
from collections.abc import Callable, Container, Iterator
from functools import partial
from typing import Any, Final

from providers.answers.answers import GLOBAL
from providers.calls.work_queue import Job
from providers.gcp.buckets import staging
from providers.gcp.collect.function_references import Found
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.collect.resource_names import part

_OWNER: Final = re.compile(
    r"[^@]+@(?P<project>[a-z0-9.-]+)\.iam\.gserviceaccount\.com"
    r"|(?P<number>\d+)-compute@developer\.gserviceaccount\.com"
    r"|(?P<app>[a-z0-9.-]+)@appspot\.gserviceaccount\.com"
)


class Dependencies:
    """Each thing is asked about once, however many functions refer to it."""

    def __init__(self, context: ProjectContext, with_policy: Container[str], policy: Callable[..., Any]) -> None:
        self._context = context
        self._with_policy = with_policy
        self._policy = policy

    def jobs(self, one: Found) -> Iterator[Job]:
        """The calls about what one function refers to."""
        yield from self._accounts(one)
        yield from self._triggers(one)
        yield from self._supply(one)
        for key in sorted(one.keys):
            if self._context.asked.first("key", key):
                yield partial(self._context.call, "cloudkms:GetCryptoKey", _location(key), key, key=key)
        for connector in sorted(one.connectors):
            region, project = part(connector, "locations"), part(connector, "projects")
            own = project in (self._context.project.id, self._context.project.number)
            if own and region and self._context.asked.first("connectors", region):
                yield partial(self._context.listing, "vpcaccess:ListConnectors", region)

    def _accounts(self, one: Found) -> Iterator[Job]:
        for email in sorted(one.accounts):
            if self._foreign(email) and self._context.asked.first("account", email):
                subject = f"projects/-/serviceAccounts/{email}"
                yield partial(self._context.call_shared, "iam:GetServiceAccount", subject, email=email)
            if self._context.asked.first("account policy", email):
                subject = f"projects/-/serviceAccounts/{email}"
                yield partial(self._policy, "iam:GetServiceAccountPolicy", GLOBAL, subject, email=email)
                yield partial(self._context.call, "iam:ListServiceAccountKeys", GLOBAL, subject, email=email)

    def _foreign(self, email: str) -> bool:
        """Whether an account is of another project: those of this one are in its list."""
        found = _OWNER.fullmatch(email)
        owner = next(filter(None, found.groups()), "") if found else ""
        own = self._context.project
        domain, _, short = own.id.rpartition(":")  # projects of a domain are spelt "example.com:name"
        return owner not in ("", own.id, own.number, f"{short}.{domain}" if domain else own.id)

    def _triggers(self, one: Found) -> Iterator[Job]:
        for topic in sorted(one.topics):
            if topic not in self._with_policy and self._context.asked.first("topic", topic):
                yield partial(self._policy, "pubsub:GetTopicPolicy", GLOBAL, topic, topic=topic)
        for bucket in sorted(one.buckets):
            yield from self._bucket(bucket)

    def _supply(self, one: Found) -> Iterator[Job]:
        """Where the function's source and image lie: who can write there can replace its code."""
        own = self._context.project
        buckets = set(one.sources)
        if (
            own.number
            and one.region
            and not one.standalone
            and not any(staging(bucket, own.id, own.number) for bucket in buckets)
        ):
            kind = "gcf-sources" if one.first else "gcf-v2-sources"
            buckets.add(f"{kind}-{own.number}-{one.region}")
        for bucket in sorted(buckets):
            yield from self._bucket(bucket)
            ours = not staging(bucket, own.id, own.number or None)
            if ours and self._context.asked.first("described bucket", bucket):
                yield partial(
                    self._context.call, "storage:GetBucket", GLOBAL, f"projects/_/buckets/{bucket}", bucket=bucket
                )
        repositories = set(one.repositories)
        if one.region and not one.repositories and not one.standalone:
            repositories.add(f"projects/{own.id}/locations/{one.region}/repositories/gcf-artifacts")
        for name in sorted(repositories):
            if self._context.asked.first("repository", name):
                where = _location(name)
                yield partial(self._policy, "artifactregistry:GetRepositoryPolicy", where, name, repository=name)

    def _bucket(self, bucket: str) -> Iterator[Job]:
        if self._context.asked.first("bucket", bucket):
            subject = f"projects/_/buckets/{bucket}"
            yield partial(self._policy, "storage:GetBucketPolicy", GLOBAL, subject, bucket=bucket)


def _location(name: str) -> str:
    return part(name, "locations") or GLOBAL
