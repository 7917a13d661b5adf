"""Key figures: asked of the services, made, shown, downloaded."""
