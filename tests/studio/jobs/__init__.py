"""Tests of xisuan: studio/jobs."""
