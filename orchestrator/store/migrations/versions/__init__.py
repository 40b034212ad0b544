"""One module per revision, written by hand; its name starts with r and the number of the revision."""
