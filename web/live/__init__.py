"""Live feeds over Socket.IO: who may hear what, and the one place that speaks."""
