"""Who a guest is: names, births, contact points, what is corrected, and whose a row is."""
