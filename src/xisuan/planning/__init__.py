"""Planning: least-cost builds by place and period, and how far alternatives are from the optimum."""
