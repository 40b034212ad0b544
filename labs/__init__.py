"""The model of a lab, the catalog and the referentials. Pure: no I/O but reading files."""
