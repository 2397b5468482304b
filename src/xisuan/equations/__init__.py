"""Equations of the planning model: each is stated once and used by `plan` and `operate` alike."""
