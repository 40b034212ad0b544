"""The service desk: tickets as the candidate works on them, and as the jury opens, answers and reads them."""
