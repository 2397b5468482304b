"""Tests of the adapter for linopy and PyPSA."""
