"""Tests of xisuan: report/pages."""
