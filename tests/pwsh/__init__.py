"""Our PowerShell scripts in PowerShell (README.md)."""
