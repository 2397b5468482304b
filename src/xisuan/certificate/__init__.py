"""Independent certificate: a second reading of the scenario, compared with a plan and its proof."""
