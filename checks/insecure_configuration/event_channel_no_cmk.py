"""Flags Eventarc channels without a customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant Eventarc's service agent the use of a customer-managed key, and set it on the channel.",
        breaks="Events are not delivered while the service agent may not use the key.",
        command="gcloud eventarc channels update {channel} --crypto-key=<key>",
        terraform="""\
resource "google_eventarc_channel" "this" { # {channel}
  crypto_key_name = "<key>"
}""",
    ),
}


@check(
    id="event-channel-no-cmk",
    title="Event channel has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-eventarc-channel-cmek",),
    references=("https://cloud.google.com/eventarc/docs/use-cmek",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def event_channel_no_cmk(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Events of third-party providers are stored in the channel together with their payload. With a customer-managed
    key, reading them requires a second permission that you control. An opinion.
    """
    channels = scope.guardrails.then(lambda guardrails: guardrails.channel_keys)
    if not channels.need():
        raise NotApplicable("the project has no event channels")
    for channel, own in dict(channels.need()).items():
        if not own:
            yield Hit(
                message=f"Eventarc channel {channel.rpartition('/')[2]} is not encrypted with a customer-managed key",
                evidence=(cite(channels, f"{channel}: cryptoKeyName is empty"),),
                locus=channel,
                site=channel,
                values={"channel": channel},
            )
