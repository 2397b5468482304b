"""Tests of xisuan: results/storage."""
