"""Memory, SIMD, threads, processes, cluster connection."""
