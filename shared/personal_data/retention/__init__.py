"""How long what is kept: the terms, who may change them, and the nightly run that drops what is over."""
