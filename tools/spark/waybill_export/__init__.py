"""The export of a job's profiles on Apache Spark; docs/spark.md, "The driver", tells how it works."""
