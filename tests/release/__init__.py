"""What is installed: optional packages, operating systems, distributions, first minutes, files of the repository."""
