"""Tests of xisuan: scenario/queries."""
