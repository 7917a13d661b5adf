"""The tests' own RabbitMQ does what the bus's tests rely on."""

from __future__ import annotations

import time

import pika
import pytest

from tests.rabbit import RabbitNode

pytestmark = pytest.mark.rabbitmq


def test_a_confirmed_message_in_a_quorum_queue_outlives_a_killed_node(rabbitmq: RabbitNode) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
        channel = connection.channel()
        channel.queue_declare("ground", durable=True, arguments={"x-queue-type": "quorum"})
        time.sleep(1.5)
        channel.confirm_delivery()
        channel.basic_publish("", "ground", b"still here", pika.BasicProperties(delivery_mode=2), mandatory=True)
    rabbitmq.kill()
    rabbitmq.start()
    with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
        channel = connection.channel()
        _, _, body = next(channel.consume("ground", auto_ack=True, inactivity_timeout=20))
        assert body == b"still here"
        channel.queue_delete("ground")
