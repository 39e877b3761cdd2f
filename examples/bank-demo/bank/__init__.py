"""A bank's order system, as small as it can be and still do everything that an integrator does."""
