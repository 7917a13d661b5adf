"""What guests speak of when they say how a stay was."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class TopicLabel(Term):
    CLEANLINESS = "cleanliness", N_("cleanliness")
    NOISE = "noise", N_("noise")
    STAFF = "staff", N_("staff and service")
    ROOM = "room", N_("room")
    BED = "bed", N_("bed")
    BATHROOM = "bathroom", N_("bathroom")
    FOOD = "food", N_("breakfast and food")
    WIFI = "wifi", N_("wifi")
    PRICE = "price", N_("price")
    LOCATION = "location", N_("location")
    CHECK_IN = "check_in", N_("check-in")
