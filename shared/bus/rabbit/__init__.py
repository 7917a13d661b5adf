"""The bus over RabbitMQ: pika publishes, kombu consumes."""
