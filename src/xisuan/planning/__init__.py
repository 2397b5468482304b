"""Planning: what to build where and when, and how far from the best another choice would be."""
