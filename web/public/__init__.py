"""Pages for everyone, rendered on the server, whole without JavaScript."""
