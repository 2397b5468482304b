"""Tests of xisuan: scenario/checks."""
