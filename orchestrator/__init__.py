"""Sessions, benches, hypervisors, store, engine, command line."""
