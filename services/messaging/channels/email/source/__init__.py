"""What somebody wrote or brought as source: MJML or HTML, made harmless, with values, links and pictures at places.

`reading` is the way in; `kept` says what of HTML a mail keeps, `layout_tags` what of MJML; `places` finds the places.
"""
