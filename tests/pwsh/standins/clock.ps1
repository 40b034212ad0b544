# The clock of the machine that plays Windows.
