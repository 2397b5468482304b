"""Tracking of targets: reconciliation of observations, nowcasts, and the status of each target."""
