"""What the pages of segments read beside the rules: exports, lists, tags, and why a guest is in."""
