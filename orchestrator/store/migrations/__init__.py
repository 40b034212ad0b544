"""How the database came to be, revision by revision (Alembic). ``orchestrator.store.migrate`` runs them."""
