"""What guests read: template documents, the small language they are written in, names, languages, rendering.

library = Library(templates)                       the newest versions, compiled when first used
language = library.choose_language("win-back", guest.language)
values = message_values(Person(given, family, title), language, sender=…, house=…, links=…)
missing = missing_values(library.required_values("win-back", language, "email"), values)
rendered = library.render("win-back", language, "email", values, country="CN")
"""

from services.messaging.wording.documents import Template, read_file, read_template
from services.messaging.wording.names import Person
from services.messaging.wording.printing import Rendered
from services.messaging.wording.rendering import Library, missing_values
from services.messaging.wording.sandbox import MissingValue
from services.messaging.wording.values import House, Identity, Links, message_values

__all__ = [
    "House",
    "Identity",
    "Library",
    "Links",
    "MissingValue",
    "Person",
    "Rendered",
    "Template",
    "message_values",
    "missing_values",
    "read_file",
    "read_template",
]
