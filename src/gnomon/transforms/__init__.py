"""Transformations of models: elastic forms, scaling, extensive form, relaxations."""
