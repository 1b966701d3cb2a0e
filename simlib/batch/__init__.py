"""Batches: many reports from one file, each of which may fail without the others."""
