"""Files that other tools hand over: objections, reviews of booking sites, and how they write days and ratings."""
