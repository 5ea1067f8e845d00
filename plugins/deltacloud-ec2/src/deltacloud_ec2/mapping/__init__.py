"""Amazon's records and this project's models: pure functions, one module for each family."""
