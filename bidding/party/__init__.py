"""Who takes part: organisations, people, certificates, roles and sessions."""
