"""The conversation of aiokafka: one JSON line per step, nothing in it that differs from run to run."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

servers, prefix = sys.argv[1:3]
topic = f"{prefix}-orders"


def say(step, result):
    print(json.dumps({"step": step, "result": str(result).replace(prefix, "PREFIX")}), flush=True)


async def attempt(action):
    try:
        return await action
    except KafkaError as error:
        return type(error).__name__


async def produce(count, **more):
    producer = AIOKafkaProducer(bootstrap_servers=servers, **more)
    await producer.start()
    try:
        sent = [await producer.send(topic, key=f"key-{n}".encode(), value=f"value {n}".encode(), headers=[("n", str(n).encode())], timestamp_ms=1_700_000_000_000 + n) for n in range(count)]
        return sorted([(r.partition, r.offset) for r in [await future for future in sent]])
    finally:
        await producer.stop()


async def read(wanted, commit=True):
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=servers, group_id=f"{prefix}-g", auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        records = []
        while len(records) < wanted:
            records.append(await asyncio.wait_for(consumer.getone(), 30))
        if commit:
            await consumer.commit()
        ends = await consumer.end_offsets([TopicPartition(topic, p) for p in range(3)])
        return records, sorted((p.partition, o) for p, o in ends.items())
    finally:
        await consumer.stop()


async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    created = await admin.create_topics([NewTopic(topic, 3, 1)])
    say("create", [(t[1], t[2]) for t in created.topic_errors])
    created = await admin.create_topics([NewTopic(topic, 3, 1)])
    say("create again", [(t[1], t[2]) for t in created.topic_errors])
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        say(f"produce {codec}", await produce(30, compression_type=codec))
    say("produce idempotent", await produce(30, enable_idempotence=True))
    records, ends = await read(180)
    say("consume", "\n".join(sorted(f"{r.partition}@{r.offset} {r.key.decode()}={r.value.decode()} {r.timestamp} {r.headers}" for r in records)))
    say("end offsets", ends)
    say("produce more", await produce(3))
    records, ends = await read(3)
    say("resume", sorted(r.value.decode() for r in records))
    groups = await admin.list_consumer_groups()
    say("groups", [g for g in groups if g[0].startswith(prefix)])
    say("offsets", sorted((p.partition, o.offset) for p, o in (await admin.list_consumer_group_offsets(f"{prefix}-g")).items()))
    described = await admin.describe_consumer_groups([f"{prefix}-g"])
    say("describe group", [g[0:5] for response in described for g in response.groups])
    deleted = await admin.delete_topics([topic])
    say("delete topic", [t[1] for t in deleted.topic_error_codes])
    await admin.close()


asyncio.run(main())
