"""The conversation of librdkafka (confluent-kafka): one JSON line per step, nothing in it that differs from run to run."""

import json
import sys
import time

import consumer_groups_confluent
import transactions_confluent
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic, OffsetSpec

servers, prefix = sys.argv[1:3]
topic = f"{prefix}-orders"
admin = AdminClient({"bootstrap.servers": servers})


def say(step, result):
    print(json.dumps({"step": step, "result": str(result).replace(prefix, "PREFIX")}), flush=True)


def attempt(action):
    try:
        return action()
    except KafkaException as error:
        return f"{error.args[0].name()}: {error.args[0].str()}"


def first(futures):
    return next(iter(futures.values())).result(30)


def produce(codec, count, **more):
    delivered = []
    producer = Producer({"bootstrap.servers": servers, "compression.type": codec, "linger.ms": 5, "partitioner": "murmur2_random", **more})
    for index in range(count):
        producer.produce(
            topic,
            key=f"key-{index}",
            value=f"{codec} é {index}",
            headers=[("n", str(index).encode()), ("n", None)],
            timestamp=1_700_000_000_000 + index,
            on_delivery=lambda error, message: delivered.append(error.name() if error else (message.partition(), message.offset())),
        )
    producer.flush(30)
    return sorted(delivered)


def read(consumer, wanted):
    records = []
    deadline = time.monotonic() + 30
    while len(records) < wanted and time.monotonic() < deadline:
        message = consumer.poll(0.1)
        if message is not None:
            records.append(message)
    return records


def consumer_of(group, **more):
    return Consumer({"bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False, **more})


say("create", attempt(lambda: first(admin.create_topics([NewTopic(topic, 3, 1, config={"retention.ms": "3600000000000"})]))))
say("create again", attempt(lambda: first(admin.create_topics([NewTopic(topic, 3, 1)]))))
say("create bad name", attempt(lambda: first(admin.create_topics([NewTopic("bad name!", 1, 1)]))))
metadata = admin.list_topics(timeout=30).topics[topic]
say("metadata", sorted((p.id, p.leader, len(p.replicas), len(p.isrs)) for p in metadata.partitions.values()))
for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
    say(f"produce {codec}", produce(codec, 60))
say("produce idempotent", produce("lz4", 40, **{"enable.idempotence": True}))
say("produce acks 1", produce("none", 5, acks=1))

consumer = consumer_of(f"{prefix}-g")
consumer.subscribe([topic])
records = read(consumer, 345)
say("consume", "\n".join(sorted(f"{m.partition()}@{m.offset()} {m.key().decode()}={m.value().decode()} {m.timestamp()} {m.headers()}" for m in records)))
consumer.commit(asynchronous=False)
say("watermarks", [consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=30) for p in range(3)])
say("times", [(p.partition, p.offset) for p in consumer.offsets_for_times([TopicPartition(topic, p, 1_700_000_000_030) for p in range(3)], timeout=30)])
say("committed", [(p.partition, p.offset) for p in consumer.committed([TopicPartition(topic, p) for p in range(3)], timeout=30)])
consumer.close()

say("produce more", produce("none", 3))
consumer = consumer_of(f"{prefix}-g", **{"group.instance.id": "static-1"})
consumer.subscribe([topic])
say("resume", sorted(m.key().decode() for m in read(consumer, 3)))
consumer.commit(asynchronous=False)
described = first(admin.describe_consumer_groups([f"{prefix}-g"]))
say("describe group", (described.state.name, described.partition_assignor, len(described.members), described.members[0].group_instance_id))
consumer.close()

offsets = first(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(f"{prefix}-g")]))
say("group offsets", sorted((p.partition, p.offset) for p in offsets.topic_partitions))
say("list offsets", first(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.latest()})).offset)
say("delete records", first(admin.delete_records([TopicPartition(topic, 0, 4)])).low_watermark)
say("earliest", first(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.earliest()})).offset)
configs = first(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]))
say("configs", "\n".join(sorted(f"{c.name}={c.value} {c.source} {c.is_default}" for c in configs.values())))
say("more partitions", attempt(lambda: first(admin.create_partitions([NewPartitions(topic, 5)]))))
say("fewer partitions", attempt(lambda: first(admin.create_partitions([NewPartitions(topic, 2)]))))
transactions_confluent.hold(servers, prefix, admin, say, lambda name, count: first(admin.create_topics([NewTopic(name, count, 1)])))
consumer_groups_confluent.hold(servers, prefix, admin, say)
say("delete group", attempt(lambda: first(admin.delete_consumer_groups([f"{prefix}-g"]))))
say("delete group again", attempt(lambda: first(admin.delete_consumer_groups([f"{prefix}-g"]))))
say("delete topic", attempt(lambda: first(admin.delete_topics([topic]))))
say("delete topic again", attempt(lambda: first(admin.delete_topics([topic]))))
