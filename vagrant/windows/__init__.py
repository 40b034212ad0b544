"""Windows images: everything that is written before a Windows installs itself. Pure: no machine is touched here
(``orchestrator/windows_image`` runs the installation). docs/windows.md says how, and what has run for real."""
