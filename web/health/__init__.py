"""For monitoring: is it alive, and how is it doing."""
