"""The gunicorn application: front ends, settings, workers."""
