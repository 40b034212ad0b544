"""How fast Épreuve is, measured on real machines: ``./epreuve benchmark``. Timings are reported, never asserted."""
