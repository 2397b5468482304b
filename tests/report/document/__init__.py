"""Tests of xisuan: report/document."""
