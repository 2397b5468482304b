"""The mathematics of the plan: each equation once, used by `plan` and `operate` alike."""
