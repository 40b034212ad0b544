"""For administrators: accounts, hypervisors, health, the audit log."""
