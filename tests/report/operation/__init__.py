"""Tests of xisuan: report/operation."""
