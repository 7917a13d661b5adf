"""Which encoding a file is in: judged by how plausible its words are in each."""
