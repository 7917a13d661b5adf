"""What all pages share: sign-in by session, the frame around a page, its words, its errors, and how it is served.

The navigation names the hotel's things (guests, journeys, …): beside `shared.events` this is the one place in
`shared/` that does, because the rail is the same on every service's pages.
"""
