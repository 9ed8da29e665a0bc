"""Groups of the consumer protocol (KIP-848) with librdkafka: group.protocol=consumer."""

import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import NewTopic


def hold(servers, prefix, admin, say):
    topic = f"{prefix}-848-orders"
    group = f"{prefix}-848"
    next(iter(admin.create_topics([NewTopic(topic, 4, 1)]).values())).result(30)
    producer = Producer({"bootstrap.servers": servers})
    for index in range(40):
        producer.produce(topic, key=f"key-{index}", value=f"value {index}")
    producer.flush(30)

    def consumer_of(**more):
        return Consumer({"bootstrap.servers": servers, "group.id": group, "group.protocol": "consumer", "auto.offset.reset": "earliest", "enable.auto.commit": False, **more})

    def poll_until(consumers, done):
        messages = []
        deadline = time.monotonic() + 40
        while not done(messages) and time.monotonic() < deadline:
            for consumer in consumers:
                message = consumer.poll(0.1)
                if message is not None and message.error() is None:
                    messages.append(message)
        return messages

    def partitions_of(consumer):
        return sorted(p.partition for p in consumer.assignment())

    def described():
        one = next(iter(admin.describe_consumer_groups([group]).values())).result(30)
        members = sorted((m.group_instance_id or "", len(m.assignment.topic_partitions), len(m.target_assignment.topic_partitions) if m.target_assignment else None) for m in one.members)
        return (one.state.name, one.type.name, one.partition_assignor, members)

    first = consumer_of(**{"group.remote.assignor": "uniform"})
    first.subscribe([topic])
    messages = poll_until([first], lambda read: len(read) >= 40)
    say("consumer protocol: alone", (len(messages), partitions_of(first)))
    first.commit(asynchronous=False)
    say("consumer protocol: committed", sorted((p.partition, p.offset > 0) for p in first.committed([TopicPartition(topic, p) for p in range(4)], timeout=30)))
    say("consumer protocol: describe", described())

    second = consumer_of(**{"group.instance.id": "static-1"})
    second.subscribe([topic])
    poll_until([first, second], lambda _: len(first.assignment()) == 2 and len(second.assignment()) == 2)
    say("consumer protocol: pair", (len(partitions_of(first)), len(partitions_of(second)), sorted(partitions_of(first) + partitions_of(second))))
    first.close()
    poll_until([second], lambda _: len(second.assignment()) == 4)
    say("consumer protocol: left alone", partitions_of(second))
    second.close()

    pattern = consumer_of(**{"group.id": f"{group}-pattern"})
    pattern.subscribe([f"^{prefix}-848-.*"])
    messages = poll_until([pattern], lambda read: len(read) >= 40)
    say("consumer protocol: pattern", (len(messages), partitions_of(pattern)))
    pattern.close()

    refused = consumer_of(**{"group.id": f"{group}-refused", "group.remote.assignor": "sticky"})
    refused.subscribe([topic])
    errors = []
    deadline = time.monotonic() + 20
    while not errors and time.monotonic() < deadline:
        try:
            message = refused.poll(0.2)
            if message is not None and message.error() is not None:
                errors.append(message.error().name())
        except KafkaException as error:
            errors.append(error.args[0].name())
    say("consumer protocol: unknown assignor", errors[:1])
    refused.close()
    next(iter(admin.delete_topics([topic]).values())).result(30)
