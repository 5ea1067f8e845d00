"""Clouds that fail, and every operation that can meet one: requests, faults, and what is to come of them."""
