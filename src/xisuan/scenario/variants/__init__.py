"""Other scenarios made of one."""
