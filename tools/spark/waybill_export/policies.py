"""Merge policies: which identities are one profile, and whose attributes win."""

from dataclasses import dataclass

from waybill_export.failures import unknown_policy

DEFAULT = "timestampOrdered-none-mp"


@dataclass(frozen=True)
class Policy:
    linked: bool  # the graph is `pdg`: linked identities are one profile
    order: tuple | None = None  # of datasets, the first wins; None: the last ingested wins

    def counts(self, fragment):
        """Whether a fragment's attributes do; of others only links and identities count."""
        return self.order is None or fragment.dataset in self.order


BUILT_IN = {DEFAULT: Policy(linked=False), "timestampOrdered-pdg-mp": Policy(linked=True)}


def find_policy(declared, plan, wanted):
    """The policy that a job names, among those of its tenant; without a version the latest."""
    wanted = {name: value for name, value in (wanted or {}).items() if value is not None} or {"id": DEFAULT}
    known = {1: BUILT_IN[wanted["id"]]} if wanted["id"] in BUILT_IN else {}
    for one in declared:
        if (one["org"], one["sandbox"], one["id"]) == (plan.org, plan.sandbox, wanted["id"]):
            known[one["version"]] = policy_of(one)
    version = wanted.get("version", max(known, default=None))
    if version not in known:
        raise unknown_policy(wanted)
    return known[version]


def policy_of(declared):
    by_dataset = declared["attributeMerge"] == "dataSetPrecedence"
    return Policy(declared["identityGraph"] == "pdg", tuple(declared["order"]) if by_dataset else None)
