"""Flags event channels that are encrypted with the cloud's own key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Let Eventarc's service agent use a key of yours, and set it on the channel.",
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
    controls=("NIST-800-53:SC-28(1)", "CIS-Controls-8:3.11"),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
    subject=Subject.SCOPE,
)
def event_channel_no_cmk(scope: Scope, _context: Context) -> Iterator[Hit]:
    """Events of other providers wait in the channel, with whatever they carry. With a key of your own, reading them
    takes a second permission that you control. An opinion.
    """
    channels = scope.guardrails.then(lambda guardrails: guardrails.channel_keys)
    if not channels.need():
        raise NotApplicable("the project has no event channels")
    for channel, own in dict(channels.need()).items():
        if not own:
            yield Hit(
                message=f"Channel {channel.rpartition('/')[2]} is encrypted with the cloud's own key",
                evidence=(cite(channels, f"{channel}: cryptoKeyName is empty"),),
                locus=channel,
                values={"channel": channel},
            )
