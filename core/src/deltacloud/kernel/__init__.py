"""Finding drivers, loading them, and calling them: the only place that knows stevedore and pluggy."""
