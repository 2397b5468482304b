"""What people can do, each verb once."""
