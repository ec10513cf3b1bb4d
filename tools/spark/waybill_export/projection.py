"""What `fields` selects of a document; the shape stays."""

from waybill_export.plan import WHOLE


def project(value, tree):
    """The selected part; None when nothing of it was selected. A path through an array selects in every element."""
    if tree is WHOLE:
        return value
    if isinstance(value, list):
        parts = [part for part in (project(element, tree) for element in value) if part is not None]
        return parts or None
    if not isinstance(value, dict):
        return None
    found = {}
    for name, below in tree.items():
        if name in value and (part := project(value[name], below)) is not None:
            found[name] = part
    return found or None


def identities_view(identity_map):
    """The identity map as a list, by namespace, then id."""
    return [
        {
            "id": entry["id"].decode() if isinstance(entry["id"], bytes) else entry["id"],
            "namespace": {"code": namespace},
            "primary": entry.get("primary") is True,
        }
        for namespace in sorted(identity_map)
        for entry in identity_map[namespace]
    ]
