"""Scenario folders of single provinces on top of the nation."""
