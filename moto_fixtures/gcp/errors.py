"""Error bodies as Google words them: google.rpc for most services, the older format for Storage and Compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto_fixtures.emulation.wire import Answer
from moto_fixtures.gcp.wire import Json, answer

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_REASONS = {
    400: "invalid",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "backendError",
    503: "backendError",
}
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"
_OLDER = frozenset({"storage.googleapis.com", "compute.googleapis.com"})
_TITLES = {
    "apigateway": "API Gateway API",
    "artifactregistry": "Artifact Registry API",
    "cloudasset": "Cloud Asset API",
    "cloudfunctions": "Cloud Functions API",
    "cloudkms": "Cloud Key Management Service (KMS) API",
    "cloudresourcemanager": "Cloud Resource Manager API",
    "cloudscheduler": "Cloud Scheduler API",
    "cloudtasks": "Cloud Tasks API",
    "workflows": "Workflows API",
    "compute": "Compute Engine API",
    "eventarc": "Eventarc API",
    "iam": "Identity and Access Management (IAM) API",
    "logging": "Cloud Logging API",
    "monitoring": "Cloud Monitoring API",
    "orgpolicy": "Organization Policy API",
    "pubsub": "Cloud Pub/Sub API",
    "run": "Cloud Run Admin API",
    "secretmanager": "Secret Manager API",
    "serviceusage": "Service Usage API",
    "storage": "Cloud Storage API",
    "vpcaccess": "Serverless VPC Access API",
}


@dataclass
class ServiceError(Exception):
    """An error a service answers with. ``reason`` is the older format's word where it is not the usual one."""

    status: int
    message: str
    details: list[Json] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def answer(self, host: str) -> Answer:
        """The answer in the format of the service at ``host``."""
        error: Json = {"code": self.status, "message": self.message}
        if host in _OLDER:
            about = {"message": self.message, "domain": "global", "reason": self.reason or _REASONS[self.status]}
            error["errors"] = [about]
        if host not in _OLDER or self.details:
            error["status"] = STATUS[self.status]
        if self.details:
            error["details"] = self.details
        return answer({"error": error}, self.status, self.headers)


def title(host: str) -> str:
    """What a service calls itself."""
    return _TITLES[host.split(".", maxsplit=1)[0]]


def info(reason: str, domain: str, metadata: Mapping[str, str]) -> Json:
    """The detail that says in machine words why."""
    return {"@type": _ERROR_INFO, "reason": reason, "domain": domain, "metadata": dict(metadata)}


def pointer(description: str, url: str) -> Json:
    """The detail that says where to read on."""
    return {"@type": _HELP, "links": [{"description": description, "url": url}]}


def denied(host: str, permission: str, resource: str) -> ServiceError:
    """The caller lacks a permission. Storage and Compute word it without details."""
    if host == "storage.googleapis.com":
        about = "the Google Cloud Storage bucket"
        return ServiceError(
            403,
            f"Caller does not have {permission} access to {about}. Permission '{permission}' denied on resource (or it may not exist).",
        )
    if host == "compute.googleapis.com":
        return ServiceError(403, f"Required '{permission}' permission for '{resource}'")
    message = f"Permission '{permission}' denied on resource '//{host}/{resource}' (or it may not exist)."
    return ServiceError(
        403, message, [info("IAM_PERMISSION_DENIED", host, {"resource": resource, "permission": permission})]
    )


def disabled(host: str, consumer: str) -> ServiceError:
    """The service is switched off in the project ``consumer`` ("projects/123")."""
    number = consumer.rpartition("/")[2]
    url = f"https://console.developers.google.com/apis/api/{host}/overview?project={number}"
    message = (
        f"{title(host)} has not been used in project {number} before or it is disabled. Enable it by visiting {url} "
        "then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems "
        "and retry."
    )
    metadata = {
        "service": host,
        "serviceTitle": title(host),
        "consumer": consumer,
        "containerInfo": number,
        "activationUrl": url,
    }
    details = [
        info("SERVICE_DISABLED", "googleapis.com", metadata),
        pointer("Google developers console API activation", url),
    ]
    return ServiceError(403, message, details, reason="accessNotConfigured")


def throttled(host: str, consumer: str, limit: int, window: float, wait: float | None = None) -> ServiceError:
    """A quota is used up; ``wait`` is what Retry-After says, None for no such header."""
    service = host.split(".", maxsplit=1)[0]
    unit, name = (
        ("1/min/{project}", "PerMinutePerProject") if window == 60 else (f"1/{window:g}s/{{project}}", "PerProject")
    )
    number = consumer.rpartition("/")[2]
    message = (
        f"Quota exceeded for quota metric 'Read requests' and limit 'Read requests per {window:g} seconds' of service "
        f"'{host}' for consumer 'project_number:{number}'."
    )
    metadata = {
        "service": host,
        "consumer": consumer,
        "quota_metric": f"{host}/read_requests",
        "quota_limit": f"{service.capitalize()}Read{name}",
        "quota_limit_value": str(limit),
        "quota_location": "global",
        "quota_unit": unit,
    }
    url = "https://cloud.google.com/docs/quotas/help/request_increase"
    details = [info("RATE_LIMIT_EXCEEDED", "googleapis.com", metadata), pointer("Request a higher quota limit.", url)]
    headers = {} if wait is None else {"Retry-After": f"{wait:g}"}
    return ServiceError(429, message, details, headers)


def unauthenticated(host: str, reason: str = "ACCESS_TOKEN_EXPIRED") -> ServiceError:
    """The token is missing, unknown or too old."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    details = [info(reason, "googleapis.com", {"service": host})]
    return ServiceError(401, message, details, {"WWW-Authenticate": challenge})


def missing(name: str) -> ServiceError:
    """There is no such resource."""
    return ServiceError(404, f"Resource '{name}' was not found")


def invalid(message: str) -> ServiceError:
    """The request itself is wrong."""
    return ServiceError(400, message)


def unavailable(wait: float | None = None) -> ServiceError:
    """The service cannot answer now."""
    headers = {} if wait is None else {"Retry-After": f"{wait:g}"}
    return ServiceError(503, "The service is currently unavailable.", headers=headers)


def internal(detail: str = "") -> ServiceError:
    """The service failed."""
    return ServiceError(500, detail or "Internal error encountered.")
