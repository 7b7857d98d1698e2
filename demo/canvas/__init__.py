"""The drawing surface and what stands beside it."""
