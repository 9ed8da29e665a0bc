"""The conversation of kafka-python: one JSON line per step, nothing in it that differs from run to run."""

import json
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ACLFilter, ACLOperation, ACLPermissionType, ACLResourcePatternType, ConfigResource, ConfigResourceType, NewPartitions, NewTopic, ResourcePatternFilter, ResourceType
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

servers, prefix = sys.argv[1:3]
topic = f"{prefix}-orders"
PATIENCE_S = 40


def say(step, result):
    print(json.dumps({"step": step, "result": str(result).replace(prefix, "PREFIX")}), flush=True)


def attempt(action):
    try:
        return action()
    except KafkaError as error:
        return type(error).__name__


def topics(admin):
    say("create", attempt(lambda: [t[:2] for t in admin.create_topics([NewTopic(topic, 3, 1, topic_configs={"retention.ms": "3600000000000"})]).topic_errors]))
    say("create again", attempt(lambda: admin.create_topics([NewTopic(topic, 3, 1)])))
    say("create bad name", attempt(lambda: admin.create_topics([NewTopic("bad name!", 3, 1)])))
    say("create two replicas", attempt(lambda: admin.create_topics([NewTopic(f"{topic}-two", 1, 2)])))
    say("create, validate only", attempt(lambda: [t[:2] for t in admin.create_topics([NewTopic(f"{topic}-not", 1, 1)], validate_only=True).topic_errors]))
    deadline = time.monotonic() + PATIENCE_S
    while topic not in admin.list_topics() and time.monotonic() < deadline:
        time.sleep(0.05)
    described = admin.describe_topics([topic, f"{topic}-unknown"])
    say("describe", sorted((t["topic"], t["error_code"], t["is_internal"], len(t["partitions"])) for t in described))
    cluster = admin.describe_cluster()
    say("cluster", (len(cluster["brokers"]), cluster["controller_id"] > 0, len(cluster["cluster_id"])))


def produce(label, count=30, key=None, **more):
    producer = KafkaProducer(bootstrap_servers=servers, linger_ms=5, **more)
    try:
        futures = [producer.send(topic, key=key or f"key-{n}".encode(), value=f"{label} {n}".encode(), headers=[("n", str(n).encode())], timestamp_ms=1_700_000_000_000 + n) for n in range(count)]
        return sorted((sent.partition, sent.offset) for sent in [future.get(30) for future in futures])
    except KafkaError as error:
        return type(error).__name__
    finally:
        producer.close()


def producers():
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        say(f"produce {codec}", produce(codec, compression_type=codec, enable_idempotence=False))
    for acks in [0, 1, "all"]:
        say(f"produce acks {acks}", len(produce(f"acks {acks}", count=5, key=b"k", acks=acks, enable_idempotence=False)))
    say("produce idempotent", produce("idempotent", enable_idempotence=True))
    large = KafkaProducer(bootstrap_servers=servers, max_request_size=5_000_000, retries=0, enable_idempotence=False)
    say("produce too large", attempt(lambda: large.send(topic, b"x" * 2_000_000, partition=0).get(30)))
    large.close()


def reader(**more):
    return KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest", enable_auto_commit=False, **more)


def read(consumer, wanted):
    records = []
    deadline = time.monotonic() + PATIENCE_S
    while len(records) < wanted and time.monotonic() < deadline:
        for batch in consumer.poll(200).values():
            records.extend(batch)
    return records


def show(records):
    return "\n".join(sorted(f"{r.partition}@{r.offset} {r.key}={r.value} {r.timestamp} {r.headers}" for r in records))


def partitions(admin):
    consumer = reader()
    all_partitions = [TopicPartition(topic, p) for p in range(3)]
    say("partitions", sorted(consumer.partitions_for_topic(topic)))
    ends = consumer.end_offsets(all_partitions)
    say("end offsets", sorted((p.partition, o) for p, o in ends.items()))
    say("beginning offsets", sorted((p.partition, o) for p, o in consumer.beginning_offsets(all_partitions).items()))
    times = consumer.offsets_for_times({p: 1_700_000_000_020 for p in all_partitions})
    say("offsets for times", sorted((p.partition, found and (found.offset, found.timestamp)) for p, found in times.items()))
    consumer.assign(all_partitions)
    say("assigned", show(read(consumer, sum(ends.values()))))
    consumer.seek(all_partitions[1], 3)
    say("seek", (lambda records: (records[0].partition, records[0].offset))(read(consumer, 1)))
    consumer.close()
    none = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="none", enable_auto_commit=False)
    none.assign(all_partitions[:1])
    none.seek(all_partitions[0], 100_000)
    say("read beyond the end", attempt(lambda: len(read(none, 1))))
    none.close()
    deleted = attempt(lambda: admin.delete_records({all_partitions[0]: 5}))
    say("delete records", sorted((p.partition, r["low_watermark"], r["error_code"]) for p, r in deleted.items()) if isinstance(deleted, dict) else deleted)
    return sum(ends.values()) - 5


def groups(admin, wanted):
    group = f"{prefix}-group"
    consumer = reader(group_id=group)
    consumer.subscribe([topic])
    say("group: read", len(read(consumer, wanted)))
    consumer.commit()
    described = admin.describe_consumer_groups([group, f"{group}-unknown"])
    say("group: describe", sorted((g.group, g.state, g.protocol_type, g.protocol, len(g.members)) for g in described))
    say("group: delete with a member", attempt(lambda: [(g, e.__name__) for g, e in admin.delete_consumer_groups([group])]))
    consumer.close()
    produce("late", 3)
    consumer = reader(group_id=group)
    consumer.subscribe([topic])
    say("group: resume", sorted(r.value for r in read(consumer, 3)))
    first = TopicPartition(topic, 0)
    consumer.commit({first: OffsetAndMetadata(7, "note", -1)})
    say("group: committed", consumer.committed(first, metadata=True))
    second = reader(group_id=group)
    second.subscribe(pattern=f"^{prefix}-or.*")
    deadline = time.monotonic() + PATIENCE_S
    while not (consumer.assignment() and second.assignment() and len(consumer.assignment()) + len(second.assignment()) == 3) and time.monotonic() < deadline:
        consumer.poll(100)
        second.poll(100)
    say("group: shared", sorted([len(consumer.assignment()), len(second.assignment())]))
    second.close()
    consumer.close()
    offsets = admin.list_consumer_group_offsets(group)
    say("group: offsets", sorted((p.partition, o.offset, o.metadata) for p, o in offsets.items()))
    say("group: listed", sorted(g for g in admin.list_consumer_groups() if g[0].startswith(prefix)))
    say("group: delete", attempt(lambda: sorted((g, e.__name__) for g, e in admin.delete_consumer_groups([group, f"{group}-unknown"]))))


def transactions():
    to = TopicPartition(topic, 2)
    producer = KafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}-t")
    producer.init_transactions()
    for round in range(3):
        producer.begin_transaction()
        say("transactions: sent", producer.send(topic, f"round {round}".encode(), partition=2).get(30).partition)
        producer.send_offsets_to_transaction({to: OffsetAndMetadata(round + 1, "", -1)}, f"{prefix}-t-group")
        producer.abort_transaction() if round == 1 else producer.commit_transaction()
    young = KafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}-t")
    young.init_transactions()
    producer.begin_transaction()
    say("transactions: the old sends", attempt(lambda: producer.send(topic, b"old", partition=2).get(30).partition))
    young.begin_transaction()
    young.send(topic, b"young", partition=2)
    young.commit_transaction()
    young.close()
    producer.close(timeout=1)
    for isolation in ["read_committed", "read_uncommitted"]:
        consumer = reader(isolation_level=isolation)
        consumer.assign([to])
        end = consumer.end_offsets([to])[to]
        deadline = time.monotonic() + PATIENCE_S
        values = []
        while consumer.position(to) < end and time.monotonic() < deadline:
            for batch in consumer.poll(200).values():
                values.extend(r.value for r in batch if r.value.startswith((b"round", b"young", b"old")))
        say(f"transactions: {isolation}", values)
        consumer.close()
    consumer = reader(group_id=f"{prefix}-t-group")
    say("transactions: committed", consumer.committed(to))
    consumer.close()


def administration(admin):
    resource = ConfigResource(ConfigResourceType.TOPIC, topic)
    say("describe configs", sorted((c[0], c[1], c[2], c[3]) for response in admin.describe_configs([resource]) for r in response.resources for c in r[4]))
    altered = attempt(lambda: admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "7200000000000"})]))
    say("alter configs", [r[:2] for r in altered.resources] if hasattr(altered, "resources") else altered)
    altered = attempt(lambda: admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "soon"})]))
    say("alter bad config", [r[:2] for r in altered.resources] if hasattr(altered, "resources") else altered)
    say("more partitions", attempt(lambda: [t[:2] for t in admin.create_partitions({topic: NewPartitions(4)}).topic_errors]))
    say("fewer partitions", attempt(lambda: admin.create_partitions({topic: NewPartitions(2)})))
    everything = ACLFilter(principal=None, host=None, operation=ACLOperation.ANY, permission_type=ACLPermissionType.ANY, resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY))
    say("acls", attempt(lambda: admin.describe_acls(everything)[1].__name__))
    say("log dirs", attempt(lambda: [(d[0], len([t for t in d[2] if t[0] == topic])) for d in admin.describe_log_dirs().log_dirs]))
    say("delete topic", attempt(lambda: [t[:2] for t in admin.delete_topics([topic]).topic_error_codes]))
    say("delete topic again", attempt(lambda: admin.delete_topics([f"{topic}-unknown"])))


def main():
    admin = KafkaAdminClient(bootstrap_servers=servers)
    topics(admin)
    producers()
    groups(admin, partitions(admin))
    transactions()
    administration(admin)
    admin.close()


main()
