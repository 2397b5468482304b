"""Tests of xisuan: decisions/costs."""
