"""The demo municipality: invented initiatives in a municipality with a calendar of its own."""
