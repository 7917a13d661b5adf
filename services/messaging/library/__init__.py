"""Templates: documents, the checks before one is published, and the compiled texts of all that are published.

library = Library(templates)                       the newest versions, compiled when first used
language = library.choose_language("win-back", guest.language)
values = message_values(Person(given, family, title), language, sender=…, hotel=…, links=…)
missing = missing_values(library.required_values("win-back", language, Channel.EMAIL), values)
rendered = library.render("win-back", language, Channel.EMAIL, values, country="CN")
"""
