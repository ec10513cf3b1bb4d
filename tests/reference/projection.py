"""What `fields` selects of a document."""

WHOLE = None
BLANKS = " \t\r\n"


def read_paths(fields):
    """The paths as a tree {name: tree, or WHOLE}; None when all fields are asked for."""
    if not fields or not fields.strip(BLANKS):
        return None
    tree = {}
    for path in fields.split(","):
        _add(tree, path.strip(BLANKS).split("."))
    return tree


def _add(tree, names):
    first, rest = names[0], names[1:]
    if not rest:
        tree[first] = WHOLE
    elif tree.get(first, {}) is not WHOLE:
        _add(tree.setdefault(first, {}), rest)


def project(value, tree):
    """The selected part of the value; None when nothing of it was selected."""
    if isinstance(value, list):
        parts = (project(element, tree) for element in value)
        return [part for part in parts if part is not None] or None
    if not isinstance(value, dict):
        return None
    selected = {}
    for name, below in tree.items():
        if name in value:
            part = value[name] if below is WHOLE else project(value[name], below)
            if part is not None:
                selected[name] = part
    return selected or None
