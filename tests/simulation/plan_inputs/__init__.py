"""Tests of xisuan: simulation/plan_inputs."""
