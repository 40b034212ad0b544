"""One suite for a port's adapters and their shipped fakes."""
