"""The profiles' interchange form, wherever Hadoop's file systems find it: what is there, and its lines."""

from pathlib import PurePosixPath
from typing import NamedTuple

from py4j.protocol import Py4JJavaError

from waybill_export.failures import first_line, unreadable
from waybill_export.spelled_json import Malformed, parse

LINES = (".ndjson", ".ndjson.gz")
TABLES = (".parquet",)
WHOLE_NUMBERS = ("ingestTime", "sequence")
GUESSED_RATIO = 8  # of gzip
TENANT = ("org", "sandbox")
FOR_GLOBS = str.maketrans({c: "\\" + c for c in "\\{}[]*?^"})


class Folder(NamedTuple):
    lines: list  # paths
    tables: list
    bytes: int  # about, not compressed


class Inputs:
    """A location in the interchange form. Whatever cannot be read is a failure that says so."""

    def __init__(self, spark, location):
        self._spark = spark
        self.context = spark.sparkContext
        self.location = location.rstrip("/")
        self._hadoop = self.context._jvm.org.apache.hadoop.fs
        try:
            self._files = self._path("").getFileSystem(self.context._jsc.hadoopConfiguration())
        except Py4JJavaError as error:
            raise self._unreadable(self.location, error) from error

    def policies(self):
        where = self._path("policies.json")
        try:
            stream = self._files.open(where)
            text = self.context._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
            stream.close()
        except Py4JJavaError as error:
            raise self._unreadable(where.toString(), error) from error
        try:
            return [with_plain_version(one) for one in parse(text)]
        except (Malformed, KeyError, TypeError, ValueError) as error:
            raise unreadable(where.toString(), f"malformed: {error!r}") from error

    def folder(self, name):
        """Its files. One that is not there is no empty one: the location may not be mounted, or not be written to its end."""
        where = self._path(name)
        found = Folder([], [], 0)
        try:
            for file in self._files.listStatus(where):
                path = file.getPath().toString()
                if PurePosixPath(path).name[0] in "._":
                    continue
                if not path.endswith(TABLES if file.isDirectory() else (*LINES, *TABLES)):
                    raise unreadable(path, "its name ends in none of .ndjson, .ndjson.gz and .parquet")
                if "," in path:
                    raise unreadable(path, "Hadoop takes a comma in a path for the end of it")
                found = with_file(found, path, file.getLen())
        except Py4JJavaError as error:
            raise self._unreadable(where.toString(), error) from error
        return found

    def lines(self, folder, plan, columns, partitions):
        """RDD of the folder's lines and rows, this tenant's and others', for `reading`; `columns` are those read of tables."""
        context = self.context
        rdds = []
        if folder.lines:
            context._jsc.hadoopConfiguration().set("textinputformat.record.delimiter", "\n")
            paths = ",".join(path.translate(FOR_GLOBS) for path in folder.lines)
            rdds.append(context.textFile(paths, partitions).filter(str.strip))
        if folder.tables:
            rdds.append(self._rows(folder.tables, plan, columns))
        return context.union(rdds) if rdds else context.emptyRDD()

    def _rows(self, paths, plan, columns):
        columns = tuple(name for name in columns if name not in TENANT)
        self._spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        table = self._spark.read.parquet(*(path.translate(FOR_GLOBS) for path in paths))
        if found := unfit_column(dict(table.dtypes), (*TENANT, *columns)):
            raise unreadable(paths[0], found)
        return table.where((table.org == plan.org) & (table.sandbox == plan.sandbox)).select(*TENANT, *columns).rdd

    def _path(self, name):
        return self._hadoop.Path(f"{self.location}/{name}" if name else self.location + "/")

    def _unreadable(self, where, error):
        java = error.java_exception
        return unreadable(where, f"{java.getClass().getName()}: {first_line(java.getMessage() or '')}")


def unfit_column(types, wanted):
    """What is wrong with the first column that a table lacks, or that is of another type; None when nothing is. Values of another
    type would be unlike any in the job, and silently of nobody."""
    for name in wanted:
        given = types.get(name)
        if given is None:
            return f"there is no column {name}"
        if name == "timestamp":
            fits = given in ("bigint", "int", "string")
        elif name in WHOLE_NUMBERS:
            fits = given in ("bigint", "int")
        else:
            fits = given == "string"
        if not fits:
            return f"the column {name} is {given}"
    return None


def with_file(folder, path, length):
    if path.endswith(LINES):
        ratio = GUESSED_RATIO if path.endswith(".gz") else 1
        return folder._replace(lines=[*folder.lines, path], bytes=folder.bytes + ratio * length)
    return folder._replace(tables=[*folder.tables, path], bytes=folder.bytes + GUESSED_RATIO * length)


def with_plain_version(policy):
    return policy | {"version": int(policy["version"])}
