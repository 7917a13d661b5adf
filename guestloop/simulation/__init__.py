"""An export played through the whole engine on a virtual clock, with simulated guests who answer."""
