"""A second model of the plan, written from docs/reference alone, and random scenario folders to compare the two on.

`folder` reads a scenario's files, `clock` its periods and hours, `network` its paths; `assets`, `work`, `power`, `rules` and
`access` state the rows of docs/reference/formulas.md over a `program` of scipy; `optimum` solves it. `drawn` makes folders.
Nothing here imports what it checks: `compare` alone calls xisuan, through its public names.
"""
