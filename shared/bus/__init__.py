"""The bus: transactional outbox, relay, consumer with its inbox, subscriptions and topology, over RabbitMQ or
mailboxes.
"""
