"""The guarded way out: every connection that a driver opens goes through here."""
