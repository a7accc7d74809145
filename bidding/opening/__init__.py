"""The online opening hall: its stages, windows, keys, draws, announcements and record."""
