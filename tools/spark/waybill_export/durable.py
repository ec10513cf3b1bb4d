"""Files, names and directories that are on the disk when we say so."""

import os


def sync_directory(path):
    number = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_new(path, content):
    """A file that must not be there yet; its directory is not synced."""
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace(path, content):
    """Readers see the old file or the new one, whole."""
    folder, name = os.path.split(path)
    aside = os.path.join(folder, f".{name}.new")
    with open(aside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
    sync_directory(folder)
