"""SQL of templates: versions, drafts, what is said and tried of them, what they are made from."""
