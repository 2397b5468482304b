"""Tests of xisuan: workflow/verification."""
