"""The closed sets of the product, each spelt once: what is stored and sent, and how people read it.

A set is an enum of `Term`s, one module a set. Its labels are the English of the catalogues and are translated once, in
`shared/vocabulary/translations`, for the pages of every service (`shared.web.i18n.labels`). Nothing here knows the web.
"""
