"""Tests of xisuan: scenario/variants."""
