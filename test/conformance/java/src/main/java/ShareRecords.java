// Records that are shared (KIP-932, KIP-1206, KIP-1222), as the Java client's KafkaShareConsumer sees them: accepted,
// released, rejected, renewed, delivered until a limit, to several members, after a member stood still, of transactions, and
// across a restart of the broker between the halves "before" (or its end alone, "half") and "after". One JSON line per step.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.Function;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

final class ShareRecords {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  /** Of groups whose locks are to end; the others have the default, which no slow machine outlives. */
  private static final int LOCK_MS = 5_000;
  private static final Map<String, Object> EXPLICIT = Map.of("share.acknowledgement.mode", "explicit");
  private final String servers;
  private final String prefix;
  private final Admin admin;

  private ShareRecords(String servers, String prefix) {
    this.servers = servers;
    this.prefix = prefix;
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  public static void main(String[] arguments) throws Exception {
    ShareRecords records = new ShareRecords(arguments[1], arguments[2]);
    switch (arguments[0]) {
      case "after" -> records.afterRestart();
      case "half" -> records.beforeRestart();
      default -> records.hold();
    }
    System.out.flush();
    // Members that stand still are not closed: they are cut off.
    Runtime.getRuntime().halt(0);
  }

  private void hold() throws Exception {
    implicit();
    explicit();
    mistakes();
    renewed();
    limited();
    throng();
    standstill();
    transactions();
    recordLimit();
    latest();
    beforeRestart();
  }

  private void implicit() throws Exception {
    String topic = begin("implicit", 1);
    produce(topic, 12);
    try (KafkaShareConsumer<String, String> consumer = consumer("implicit", Map.of())) {
      consumer.subscribe(List.of(topic));
      say("implicit: read", values(read(consumer, 12)));
      say("implicit: lock", consumer.acquisitionLockTimeoutMs());
      say("implicit: the next poll accepts", consumer.poll(Duration.ofMillis(200)).count());
      say("implicit: nothing left to commit", committed(consumer.commitSync()));
      produce(topic, 3);
      say("implicit: more", values(read(consumer, 3)));
      say("implicit: commit", committed(consumer.commitSync()));
    }
    say("implicit: offsets", offsets("implicit"));
    try (KafkaShareConsumer<String, String> consumer = consumer("implicit", Map.of())) {
      consumer.subscribe(List.of(topic));
      say("implicit: nothing comes again", polled(consumer, 1_500).size());
    }
  }

  private void explicit() throws Exception {
    String topic = begin("explicit", 1);
    produce(topic, 9);
    try (KafkaShareConsumer<String, String> consumer = consumer("explicit", EXPLICIT)) {
      List<String> called = new CopyOnWriteArrayList<>();
      consumer.setAcknowledgementCommitCallback((offsets, error) -> offsets.forEach((partition, set) -> called.add(partition.partition() + ":" + new TreeSet<>(set) + " " + (error == null ? "written" : error.getClass().getSimpleName()))));
      consumer.subscribe(List.of(topic));
      List<ConsumerRecord<String, String>> records = read(consumer, 9);
      AcknowledgeType[] types = {AcknowledgeType.ACCEPT, AcknowledgeType.RELEASE, AcknowledgeType.REJECT};
      for (ConsumerRecord<String, String> record : records) consumer.acknowledge(record, types[(int) (record.offset() % 3)]);
      say("explicit: commit", committed(consumer.commitSync()));
      say("explicit: offsets", offsets("explicit"));
      List<ConsumerRecord<String, String>> again = read(consumer, 3);
      say("explicit: released ones come again", values(again));
      for (ConsumerRecord<String, String> record : again) consumer.acknowledge(record);
      say("explicit: commit again", committed(consumer.commitSync()));
      consumer.poll(Duration.ofMillis(200));
      say("explicit: told", called);
      say("explicit: nothing is left", polled(consumer, 1_000).size());
    }
    say("explicit: offsets of all", offsets("explicit"));
  }

  private void mistakes() throws Exception {
    String topic = begin("mistakes", 1);
    produce(topic, 4);
    try (KafkaShareConsumer<String, String> consumer = consumer("mistakes", EXPLICIT)) {
      consumer.subscribe(List.of(topic));
      List<ConsumerRecord<String, String>> records = read(consumer, 4);
      say("mistakes: polling with records in hand", attempt(() -> consumer.poll(Duration.ofMillis(100)).count()));
      say("mistakes: a record of nobody", attempt(() -> { consumer.acknowledge(topic, 0, 99, AcknowledgeType.ACCEPT); return "fine"; }));
      for (ConsumerRecord<String, String> record : records) consumer.acknowledge(record, AcknowledgeType.RELEASE);
      say("mistakes: commit", committed(consumer.commitSync()));
      say("mistakes: after the commit", attempt(() -> { consumer.acknowledge(records.get(0)); return "fine"; }));
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("mistakes", Map.of())) {
      consumer.subscribe(List.of(topic));
      say("mistakes: what was released", values(read(consumer, 4)));
    }
    try (KafkaShareConsumer<String, String> consumer = consumer("mistakes", Map.of())) {
      say("mistakes: no subscription", attempt(() -> consumer.poll(Duration.ofMillis(100)).count()));
    }
  }

  private void renewed() throws Exception {
    String topic = begin("renewed", 1);
    configure("renewed", "share.record.lock.duration.ms", String.valueOf(LOCK_MS));
    produce(topic, 3);
    try (KafkaShareConsumer<String, String> holder = consumer("renewed", EXPLICIT); KafkaShareConsumer<String, String> other = consumer("renewed", EXPLICIT)) {
      holder.subscribe(List.of(topic));
      List<ConsumerRecord<String, String>> records = read(holder, 3);
      other.subscribe(List.of(topic));
      int seen = 0;
      for (int round = 0; round < 3; round++) {
        for (ConsumerRecord<String, String> record : records) holder.acknowledge(record, AcknowledgeType.RENEW);
        say("renewed: round " + round, committed(holder.commitSync()));
        seen += polled(other, LOCK_MS / 2).size();
        holder.poll(Duration.ofMillis(10));
      }
      say("renewed: nobody else got them", seen);
      for (ConsumerRecord<String, String> record : records) holder.acknowledge(record, AcknowledgeType.ACCEPT);
      say("renewed: accepted after more than one lock", committed(holder.commitSync()));
      say("renewed: nothing is left", polled(other, LOCK_MS + 500).size());
    }
  }

  private void limited() throws Exception {
    String topic = begin("limited", 1);
    configure("limited", "share.delivery.count.limit", "3");
    produce(topic, 5);
    try (KafkaShareConsumer<String, String> consumer = consumer("limited", EXPLICIT)) {
      consumer.subscribe(List.of(topic));
      TreeMap<Long, List<Short>> deliveries = new TreeMap<>();
      // It takes its time until the first come; once they do, two quiet seconds are the end.
      long quietSince = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() - quietSince < 2_000_000_000L) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          quietSince = System.nanoTime();
          deliveries.computeIfAbsent(record.offset(), offset -> new ArrayList<>()).add(record.deliveryCount().orElse((short) -1));
          consumer.acknowledge(record, AcknowledgeType.RELEASE);
        }
        consumer.commitSync();
      }
      say("limited: deliveries", deliveries);
    }
    say("limited: offsets", offsets("limited"));
  }

  private void throng() throws Exception {
    String topic = begin("throng", 1);
    List<KafkaShareConsumer<String, String>> consumers = IntStream.range(0, 3).mapToObj(index -> consumer("throng", Map.of("max.poll.records", 7))).toList();
    for (KafkaShareConsumer<String, String> consumer : consumers) consumer.subscribe(List.of(topic));
    for (KafkaShareConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(500));
    for (int round = 0; round < 30; round++) produce(topic, 10);
    List<Long> offsets = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (offsets.size() < 300 && System.nanoTime() < deadline) {
      for (KafkaShareConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(100)).forEach(record -> offsets.add(record.offset()));
    }
    for (KafkaShareConsumer<String, String> consumer : consumers) {
      consumer.commitSync();
      consumer.close();
    }
    say("throng: records and different ones", offsets.size() + " " + new HashSet<>(offsets).size());
  }

  private void standstill() throws Exception {
    String topic = begin("standstill", 1);
    configure("standstill", "share.record.lock.duration.ms", String.valueOf(LOCK_MS));
    produce(topic, 6);
    KafkaShareConsumer<String, String> still = consumer("standstill", EXPLICIT);
    still.subscribe(List.of(topic));
    List<ConsumerRecord<String, String>> held = read(still, 6);
    say("standstill: held", values(held));
    try (KafkaShareConsumer<String, String> other = consumer("standstill", EXPLICIT)) {
      other.subscribe(List.of(topic));
      List<ConsumerRecord<String, String>> records = read(other, 6);
      say("standstill: another gets them when the lock is over", values(records));
      still.acknowledge(held.get(0), AcknowledgeType.ACCEPT);
      say("standstill: too late", committed(still.commitSync()));
      for (ConsumerRecord<String, String> record : records) other.acknowledge(record);
      say("standstill: commit", committed(other.commitSync()));
    }
  }

  private void transactions() throws Exception {
    String topic = begin("committed", 1);
    begin("uncommitted", 1);
    configure("committed", "share.isolation.level", "read_committed");
    try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", prefix + "-t"))) {
      producer.initTransactions();
      for (String word : List.of("first", "aborted", "second", "aborted too", "third")) {
        producer.beginTransaction();
        for (int index = 0; index < 3; index++) producer.send(new ProducerRecord<>(topic, 0, word, word + " " + index));
        if (word.startsWith("aborted")) {
          producer.flush();
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "open", "open")).get();
      try (KafkaShareConsumer<String, String> consumer = consumer("committed", Map.of()); KafkaShareConsumer<String, String> all = consumer("uncommitted", Map.of())) {
        consumer.subscribe(List.of(topic));
        all.subscribe(List.of(topic));
        say("transactions: committed", values(read(consumer, 9)));
        say("transactions: not what is open", polled(consumer, 700).size());
        say("transactions: everything", values(read(all, 16)));
        producer.commitTransaction();
        say("transactions: what was open", values(read(consumer, 1)));
        consumer.commitSync();
      }
    }
    say("transactions: offsets", offsets("committed"));
  }

  private void recordLimit() throws Exception {
    String topic = begin("record-limit", 1);
    produce(topic, 10);
    try (KafkaShareConsumer<String, String> consumer = consumer("record-limit", Map.of("share.acquire.mode", "record_limit", "max.poll.records", 4))) {
      consumer.subscribe(List.of(topic));
      List<Integer> counts = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (counts.stream().mapToInt(count -> count).sum() < 10 && System.nanoTime() < deadline) {
        int count = consumer.poll(Duration.ofMillis(200)).count();
        if (count > 0) counts.add(count);
      }
      say("record limit: polls", counts);
    }
  }

  private void latest() throws Exception {
    String topic = prefix + "-latest-topic";
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    produce(topic, 5);
    try (KafkaShareConsumer<String, String> consumer = consumer("latest", Map.of())) {
      consumer.subscribe(List.of(topic));
      // When the group has begun is not to be seen from here: records are written until one comes.
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (records.isEmpty() && System.nanoTime() < deadline) {
        produce(topic, 1);
        records.addAll(polled(consumer, 500));
      }
      say("latest: only what came after", !records.isEmpty() && records.get(0).offset() >= 5);
    }
  }

  private void beforeRestart() throws Exception {
    String topic = begin("restart", 1);
    produce(topic, 12);
    KafkaShareConsumer<String, String> consumer = consumer("restart", EXPLICIT);
    consumer.subscribe(List.of(topic));
    for (ConsumerRecord<String, String> record : read(consumer, 12)) {
      if (record.offset() < 3 || record.offset() == 5) consumer.acknowledge(record, AcknowledgeType.ACCEPT);
      else if (record.offset() < 8) consumer.acknowledge(record, AcknowledgeType.RELEASE);
      else if (record.offset() < 9) consumer.acknowledge(record, AcknowledgeType.REJECT);
    }
    say("restart: commit", committed(consumer.commitSync()));
    say("restart: offsets before", offsets("restart"));
  }

  private void afterRestart() throws Exception {
    say("restart: offsets after", offsets("restart"));
    try (KafkaShareConsumer<String, String> consumer = consumer("restart", Map.of())) {
      consumer.subscribe(List.of(prefix + "-restart-topic"));
      say("restart: what nobody acknowledged", read(consumer, 7).stream().map(ConsumerRecord::offset).sorted().toList());
      say("restart: commit after", committed(consumer.commitSync()));
      say("restart: nothing is left", polled(consumer, 1_000).size());
    }
    say("restart: offsets in the end", offsets("restart"));
  }

  /** A topic, and a group of that name that reads it from the start. */
  private String begin(String name, int partitions) throws Exception {
    String topic = prefix + "-" + (name.equals("uncommitted") ? "committed" : name) + "-topic";
    if (!name.equals("uncommitted")) admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    configure(name, "share.auto.offset.reset", "earliest");
    return topic;
  }

  private void configure(String name, String key, String value) throws Exception {
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, prefix + "-" + name), List.of(op))).all().get();
  }

  private KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "linger.ms", 20));
    options.putAll(more);
    return new KafkaProducer<>(options, new StringSerializer(), new StringSerializer());
  }

  private void produce(String topic, int count) throws Exception {
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      for (int index = 0; index < count; index++) producer.send(new ProducerRecord<>(topic, 0, "key", "value " + index));
      producer.flush();
    }
  }

  private KafkaShareConsumer<String, String> consumer(String name, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", prefix + "-" + name));
    options.putAll(more);
    return new KafkaShareConsumer<>(options, new StringDeserializer(), new StringDeserializer());
  }

  private static List<ConsumerRecord<String, String>> read(KafkaShareConsumer<String, String> consumer, int wanted) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < wanted && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  /** Whatever comes in a time. */
  private static List<ConsumerRecord<String, String>> polled(KafkaShareConsumer<String, String> consumer, int durationMs) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + durationMs * 1_000_000L;
    while (System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static String values(List<ConsumerRecord<String, String>> records) {
    return records.stream().sorted(Comparator.comparing(ConsumerRecord::offset)).map(record -> record.offset() + " " + record.value() + " " + record.deliveryCount().orElse((short) -1)).collect(Collectors.joining(", "));
  }

  private Object committed(Map<TopicIdPartition, Optional<KafkaException>> outcome) {
    Function<Optional<KafkaException>, String> text = error -> error.map(each -> each.getClass().getSimpleName()).orElse("written");
    return outcome.entrySet().stream().map(entry -> entry.getKey().partition() + ":" + text.apply(entry.getValue())).sorted().toList();
  }

  private String offsets(String name) throws Exception {
    Map<TopicPartition, SharePartitionOffsetInfo> offsets = admin.listShareGroupOffsets(Map.of(prefix + "-" + name, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(prefix + "-" + name).get();
    return offsets.entrySet().stream().map(entry -> entry.getKey().partition() + ": " + (entry.getValue() == null ? "none" : entry.getValue().startOffset() + " lag " + entry.getValue().lag())).sorted().toList().toString();
  }

  private void say(String step, Object result) {
    Conversation.say("shared records, " + step, result);
  }

  private Object attempt(Callable<Object> action) {
    try {
      return action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replace(prefix, "PREFIX");
    }
  }
}
