"""Namespaces compare without the case of A-Z, and of no other letters."""


def fold(namespace):
    return namespace.lower() if namespace.isascii() else "".join(c.lower() if c.isascii() else c for c in namespace)


def add_counts(counts, more):
    """Adds to what is counted by namespace, each under the spelling that came first."""
    spelled = {fold(name): name for name in counts}
    for name, count in more.items():
        name = spelled.setdefault(fold(name), name)
        counts[name] = counts.get(name, 0) + count
