"""Stands for a vendor's SDK, which no driver may load when it is imported."""
