"""Transactions as librdkafka makes them: steps of the conversation of confluent-kafka."""

import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition


def hold(servers, prefix, admin, say, create):
    topic = f"{prefix}-transactions"
    group = f"{prefix}-transactional-group"
    create(topic, 2)

    def producer_of(name, **more):
        producer = Producer({"bootstrap.servers": servers, "transactional.id": f"{prefix}{name}", "linger.ms": 0, **more})
        producer.init_transactions(30)
        return producer

    def send(producer, value):
        delivered = []
        for partition in range(2):
            producer.produce(topic, value=f"{value} {partition}", partition=partition, on_delivery=lambda error, message: delivered.append(error.name() if error else (message.partition(), message.offset())))
        producer.flush(30)
        return sorted(delivered)

    def attempt(action):
        try:
            return action()
        except KafkaException as error:
            reason = error.args[0]
            return (reason.name(), reason.fatal(), reason.txn_requires_abort())

    def seen(isolation):
        consumer = Consumer({"bootstrap.servers": servers, "group.id": f"{prefix}-none", "isolation.level": isolation, "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "earliest"})
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(2)])
        lines, ended = [], set()
        deadline = time.monotonic() + 30
        while len(ended) < 2 and time.monotonic() < deadline:
            message = consumer.poll(0.1)
            if message is None:
                continue
            if message.error():
                ended.add(message.partition())
            else:
                lines.append(f"{message.partition()}@{message.offset()}={message.value().decode()}")
        consumer.close()
        return sorted(lines)

    producer = producer_of("-a")
    for round in range(4):
        producer.begin_transaction()
        say("transactions: sent", send(producer, f"round {round}"))
        if round % 2 == 0:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
    producer.begin_transaction()
    say("transactions: commit of nothing", attempt(lambda: producer.commit_transaction(30)))

    consumer = Consumer({"bootstrap.servers": servers, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    deadline = time.monotonic() + 30
    while not consumer.assignment() and time.monotonic() < deadline:
        consumer.poll(0.1)
    committed = lambda: [(p.offset, p.metadata) for p in consumer.committed([TopicPartition(topic, 0)], timeout=30)]
    for offset, commits in [(3, True), (5, False), (7, True)]:
        producer.begin_transaction()
        send(producer, f"offsets {offset}")
        producer.send_offsets_to_transaction([TopicPartition(topic, 0, offset)], consumer.consumer_group_metadata(), 30)
        if commits:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
        say("transactions: offsets", committed())
    consumer.close()

    old = producer_of("-b")
    old.begin_transaction()
    send(old, "left open")
    young = producer_of("-b")
    young.begin_transaction()
    send(young, "of the young")
    say("transactions: the old commits", attempt(lambda: old.commit_transaction(30)))
    young.commit_transaction(30)
    say("transactions: read committed", seen("read_committed"))
    say("transactions: read uncommitted", seen("read_uncommitted"))
    say("transactions: timeout too long", attempt(lambda: producer_of("-c", **{"transaction.timeout.ms": 900001})))
