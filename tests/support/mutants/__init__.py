"""Broken drivers: one that keeps the contract, and others that differ from it in one place each.

Each says which check of the contract kit must find it, and which others fail as a consequence.
"""

from mutants import callers, contents, life, lists, making
from mutants.sound import MUTATIONS, Mutation, Sound, mutation

__all__ = ["MUTATIONS", "Mutation", "Sound", "callers", "contents", "life", "lists", "making", "mutation"]
