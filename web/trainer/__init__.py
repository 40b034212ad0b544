"""For trainers: the catalog of labs, bringing one, trying one at a bench of their own."""
