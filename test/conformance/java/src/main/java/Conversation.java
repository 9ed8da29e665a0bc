// The conversation of the Java client: one JSON line per step, with nothing in it that differs from run to run.

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.*;

public final class Conversation {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final String servers;
  private final String prefix;
  private final Admin admin;

  private Conversation(String servers, String prefix) {
    this.servers = servers;
    this.prefix = prefix;
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  public static void main(String[] arguments) throws Exception {
    Conversation conversation = new Conversation(arguments[0], arguments[1]);
    conversation.topics();
    conversation.produce();
    conversation.consume();
    conversation.group();
    conversation.records();
    conversation.configs();
    new Transactions(arguments[0], arguments[1], conversation.admin).hold();
    new ConsumerGroups(arguments[0], arguments[1], conversation.admin).hold();
    conversation.cleanUp();
    conversation.admin.close();
  }

  static void say(String step, Object result) {
    System.out.println("{\"step\":\"" + step + "\",\"result\":\"" + String.valueOf(result).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"}");
  }

  /** The value, or the name of Kafka's exception and its message. */
  private Object attempt(Callable<Object> action) {
    try {
      return action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replace(prefix, "PREFIX");
    }
  }

  private String topic() {
    return prefix + "-orders";
  }

  private void topics() throws Exception {
    NewTopic topic = new NewTopic(topic(), 3, (short) 1).configs(Map.of("retention.ms", "3600000000000"));
    say("create", attempt(() -> {
      CreateTopicsResult result = admin.createTopics(List.of(topic));
      result.all().get();
      return result.numPartitions(topic()).get() + " " + result.replicationFactor(topic()).get() + " " + result.config(topic()).get().get("retention.ms").value();
    }));
    say("create again", attempt(() -> admin.createTopics(List.of(topic)).all().get()));
    say("create bad name", attempt(() -> admin.createTopics(List.of(new NewTopic("bad name!", 1, (short) 1))).all().get()));
    say("create two replicas", attempt(() -> admin.createTopics(List.of(new NewTopic(prefix + "-two", 1, (short) 2))).all().get()));
    say("create no partitions", attempt(() -> admin.createTopics(List.of(new NewTopic(prefix + "-none", 0, (short) 1))).all().get()));
    say("create bad config", attempt(() -> admin.createTopics(List.of(new NewTopic(prefix + "-cfg", 1, (short) 1).configs(Map.of("retention.ms", "soon")))).all().get()));
    say("create unknown config", attempt(() -> admin.createTopics(List.of(new NewTopic(prefix + "-cfg", 1, (short) 1).configs(Map.of("no.such", "1")))).all().get()));
    say("describe", attempt(() -> {
      TopicDescription description = admin.describeTopics(List.of(topic())).allTopicNames().get().get(topic());
      return description.partitions().stream().map(p -> p.partition() + ":" + p.leader().id() + ":" + p.replicas().size() + ":" + p.isr().size()).collect(Collectors.joining(" ")) + " internal " + description.isInternal();
    }));
    say("describe unknown", attempt(() -> admin.describeTopics(List.of(prefix + "-unknown")).allTopicNames().get()));
    say("cluster", attempt(() -> {
      DescribeClusterResult cluster = admin.describeCluster();
      return cluster.nodes().get().size() + " nodes, controller " + (cluster.controller().get() != null);
    }));
  }

  private KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "linger.ms", 5, "partitioner.ignore.keys", false));
    options.putAll(more);
    return new KafkaProducer<>(options, new StringSerializer(), new StringSerializer());
  }

  private void produce() throws Exception {
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec))) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int index = 0; index < 60; index++) {
          ProducerRecord<String, String> record = new ProducerRecord<>(topic(), null, 1_700_000_000_000L + index, "key-" + index, codec + " é " + index);
          record.headers().add(new RecordHeader("n", Integer.toString(index).getBytes(StandardCharsets.UTF_8))).add(new RecordHeader("n", null));
          sent.add(producer.send(record));
        }
        TreeMap<Integer, TreeSet<Long>> offsets = new TreeMap<>();
        for (Future<RecordMetadata> future : sent) offsets.computeIfAbsent(future.get().partition(), p -> new TreeSet<>()).add(future.get().offset());
        say("produce " + codec, offsets);
      }
    }
    for (String acks : List.of("0", "1", "all")) {
      try (KafkaProducer<String, String> producer = producer(Map.of("acks", acks, "enable.idempotence", false))) {
        say("produce acks " + acks, attempt(() -> producer.send(new ProducerRecord<>(topic(), 0, "k", "acks " + acks)).get().hasOffset()));
      }
    }
    try (KafkaProducer<String, String> producer = producer(Map.of("max.request.size", 5_000_000))) {
      say("produce too large", attempt(() -> producer.send(new ProducerRecord<>(topic(), 0, "k", "x".repeat(2_000_000))).get()));
      say("produce invalid topic", attempt(() -> producer.send(new ProducerRecord<>("bad name!", 0, "k", "v")).get()));
      say("produce old timestamp", attempt(() -> producer.send(new ProducerRecord<>(topic(), 0, 1L, "k", "old")).get().partition()));
      say("produce future timestamp", attempt(() -> String.valueOf(producer.send(new ProducerRecord<>(topic(), 0, System.currentTimeMillis() + 7_200_000L, "k", "future")).get()).replaceAll("\\d{6,}", "N")).toString().replaceAll("\\d{6,}", "N"));
    }
  }

  private KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit", false));
    options.putAll(more);
    return new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
  }

  private static List<ConsumerRecord<String, String>> read(KafkaConsumer<String, String> consumer, int wanted) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < wanted && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private void consume() {
    for (String isolation : List.of("read_uncommitted", "read_committed")) {
      try (KafkaConsumer<String, String> consumer = consumer(prefix + "-" + isolation, Map.of("isolation.level", isolation))) {
        consumer.subscribe(List.of(topic()));
        List<ConsumerRecord<String, String>> records = read(consumer, 304);
        consumer.commitSync();
        say("consume " + isolation, records.stream()
            .map(r -> r.partition() + "@" + r.offset() + " " + r.key() + "=" + r.value() + " " + r.timestampType() + " " + Arrays.stream(r.headers().toArray()).map(h -> h.key() + ":" + (h.value() == null ? null : new String(h.value(), StandardCharsets.UTF_8))).toList())
            .sorted().collect(Collectors.joining("\n")));
        say("positions", new TreeMap<>(consumer.endOffsets(consumer.assignment()).entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), Map.Entry::getValue))));
        say("offsets for times", new TreeMap<>(consumer.offsetsForTimes(consumer.assignment().stream().collect(Collectors.toMap(p -> p, p -> 1_700_000_000_020L))).entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), e -> String.valueOf(e.getValue())))));
      }
    }
  }

  private void group() throws Exception {
    String group = prefix + "-pair";
    try (KafkaConsumer<String, String> first = consumer(group, Map.of()); KafkaConsumer<String, String> second = consumer(group, Map.of("group.instance.id", "static-1"))) {
      first.subscribe(List.of(topic()));
      read(first, 304);
      first.commitSync();
      say("alone", first.assignment().size());
      second.subscribe(List.of(topic()));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while ((second.assignment().isEmpty() || first.assignment().isEmpty() || first.assignment().size() + second.assignment().size() != 3) && System.nanoTime() < deadline) {
        first.poll(Duration.ofMillis(100));
        second.poll(Duration.ofMillis(100));
      }
      say("two members", Stream.of(first.assignment().size(), second.assignment().size()).sorted().toList());
      ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
      say("describe group", description.groupState() + " " + description.partitionAssignor() + " " + description.members().size() + " " + description.type());
      say("delete non-empty group", attempt(() -> admin.deleteConsumerGroups(List.of(group)).all().get()));
    }
    try (KafkaConsumer<String, String> third = consumer(prefix + "-read_committed", Map.of())) {
      third.subscribe(List.of(topic()));
      try (KafkaProducer<String, String> producer = producer(Map.of())) {
        for (int index = 0; index < 3; index++) producer.send(new ProducerRecord<>(topic(), 0, "late", "late " + index)).get();
      }
      say("resume", read(third, 3).stream().map(r -> r.value()).sorted().toList());
    }
    say("committed", new TreeMap<>(admin.listConsumerGroupOffsets(prefix + "-read_committed").partitionsToOffsetAndMetadata().get().entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()))));
    say("groups", admin.listGroups().all().get().stream().map(g -> g.groupId()).filter(id -> id.startsWith(prefix)).map(id -> id.replace(prefix, "")).sorted().toList());
    say("describe unknown group", attempt(() -> admin.describeClassicGroups(List.of(prefix + "-nobody")).all().get()));
    say("alter offsets", attempt(() -> admin.alterConsumerGroupOffsets(prefix + "-read_committed", Map.of(new TopicPartition(topic(), 1), new OffsetAndMetadata(5, "note"))).all().get()));
    say("altered", attempt(() -> admin.listConsumerGroupOffsets(prefix + "-read_committed").partitionsToOffsetAndMetadata().get().get(new TopicPartition(topic(), 1)).metadata()));
  }

  private void records() {
    TopicPartition partition = new TopicPartition(topic(), 0);
    say("delete records", attempt(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(7))).lowWatermarks().get(partition).get().lowWatermark()));
    say("delete records beyond the end", attempt(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(100_000))).all().get()));
    for (Map.Entry<String, OffsetSpec> spec : new TreeMap<>(Map.of("earliest", OffsetSpec.earliest(), "latest", OffsetSpec.latest(), "at 1700000000030", OffsetSpec.forTimestamp(1_700_000_000_030L))).entrySet()) {
      say("offset " + spec.getKey(), attempt(() -> admin.listOffsets(Map.of(partition, spec.getValue())).all().get().get(partition).offset()));
    }
    try (KafkaConsumer<String, String> consumer = consumer(prefix + "-range", Map.of("auto.offset.reset", "none"))) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, 0);
      say("read below the start", attempt(() -> read(consumer, 1).size()));
      consumer.seek(partition, 8);
      say("read inside a batch", read(consumer, 1).get(0).offset());
    }
  }

  private void configs() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic());
    say("alter config", attempt(() -> admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET)))).all().get()));
    say("alter bad config", attempt(() -> admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "-7"), AlterConfigOp.OpType.SET)))).all().get()));
    say("topic configs", attempt(() -> admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
        .map(e -> e.name() + "=" + e.value() + " " + e.source() + " " + e.type() + " " + e.isReadOnly() + e.isSensitive()).sorted().collect(Collectors.joining("\n"))));
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      say("produce over the new limit", attempt(() -> producer.send(new ProducerRecord<>(topic(), 0, "k", "x".repeat(3000))).get()));
    }
    say("more partitions", attempt(() -> admin.createPartitions(Map.of(topic(), NewPartitions.increaseTo(5))).all().get()));
    say("fewer partitions", attempt(() -> admin.createPartitions(Map.of(topic(), NewPartitions.increaseTo(2))).all().get()));
    say("partitions now", attempt(() -> admin.describeTopics(List.of(topic())).allTopicNames().get().get(topic()).partitions().size()));
  }

  private long topicsLeft() throws Exception {
    return admin.listTopics().names().get().stream().filter(name -> name.startsWith(prefix)).count();
  }

  private void cleanUp() throws Exception {
    say("delete group", attempt(() -> admin.deleteConsumerGroups(List.of(prefix + "-read_committed")).all().get()));
    say("delete group again", attempt(() -> admin.deleteConsumerGroups(List.of(prefix + "-read_committed")).all().get()));
    say("delete topic", attempt(() -> admin.deleteTopics(List.of(topic())).all().get()));
    say("delete topic again", attempt(() -> admin.deleteTopics(List.of(topic())).all().get()));
    // A broker of Apache Kafka hears of a deletion a moment later.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (topicsLeft() > 0 && System.nanoTime() < deadline) Thread.sleep(50);
    say("topics left", topicsLeft());
  }
}
