"""What pages show of templates: their versions and languages, whom they reach, their pictures and links."""
