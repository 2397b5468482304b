"""Memory, vector registers, threads, teams of processes, and the connection to a cluster."""
