"""SQL of recipients: who they are, who was merged or recognised, which of their points were refused."""
