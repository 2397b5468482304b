"""Two things at a time: processes, threads, cluster tasks."""
