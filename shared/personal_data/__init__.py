"""What is kept of people: declared once a column; from that it is found, written out, erased and dropped."""
