"""Which profiles a job exports, and into which of its batches."""

from waybill_export.profiles import qualified_at


def batches_with(profile, plan):
    """The places, in plan.batches, of the batches that the profile is in."""
    if not (profile.has_record or plan.with_empty_profiles) or not is_recent(profile, plan):
        return []
    if not plan.segments:
        return range(len(plan.batches)) if is_qualified(profile, plan) else []
    found = [is_member(profile, segment, plan) for segment in plan.segments]
    return [
        place
        for place, (_, segment) in enumerate(plan.batches)
        if (any(found) if segment is None else found[segment])
    ]


def is_recent(profile, plan):
    if plan.ingested_after is None:
        return True
    last = profile.last_ingested()
    return last is not None and last > plan.ingested_after


def is_qualified(profile, plan):
    """A window without segments: any membership, of any status, in it."""
    return plan.window is None or any(plan.window.holds(qualified_at(one)) for one in profile.all_memberships())


def is_member(profile, segment, plan):
    membership = profile.membership(segment.key)
    return membership is not None and is_asked_for(membership, segment, plan.window)


def is_asked_for(membership, segment, window):
    status = membership.get("status")
    if not isinstance(status, str) or status not in segment.statuses:
        return False
    return window is None or window.holds(qualified_at(membership))
