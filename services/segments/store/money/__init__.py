"""The SQL of money: currencies of hotels, rates by day, and stays' amounts converted by them."""
