"""What wraps every request: ids, logs, deadlines, limits and headers."""
