"""Operation: customers, use, electricity, carbon, network, hours."""
