"""Who may do what: the read model of `access.changed` in every service, and the audit trail."""
