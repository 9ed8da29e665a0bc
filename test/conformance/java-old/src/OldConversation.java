// The conversation of an old Java client, in the words that kafka-clients 2.1 knew: one JSON line per step, nothing in it
// that differs from run to run.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

public final class OldConversation {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static String servers;
  private static String prefix;
  private static String topic;
  private static AdminClient admin;

  public static void main(String[] arguments) throws Exception {
    servers = arguments[0];
    prefix = arguments[1];
    topic = prefix + "-old";
    admin = AdminClient.create(Map.of("bootstrap.servers", servers));
    topics();
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) step("produce " + codec, () -> produce(codec, Map.of("compression.type", codec)));
    for (String acks : List.of("0", "1", "all")) step("produce acks " + acks, () -> produce("acks " + acks, Map.of("acks", acks)).size());
    step("produce idempotent", () -> produce("idempotent", Map.of("enable.idempotence", true)));
    step("produce too large", () -> produce("x".repeat(2_000_000), Map.of("max.request.size", 5_000_000, "retries", 0)));
    groups();
    transactions();
    administration();
    admin.close();
  }

  private static void step(String name, Callable<Object> action) {
    Object result;
    try {
      result = action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      result = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
    System.out.println("{\"step\":\"" + name + "\",\"result\":\"" + String.valueOf(result).replace(prefix, "PREFIX").replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"}");
  }

  private static void topics() throws Exception {
    step("create", () -> admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "3600000000000")))).all().get());
    step("create again", () -> admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get());
    step("create bad name", () -> admin.createTopics(List.of(new NewTopic("bad name!", 3, (short) 1))).all().get());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!admin.listTopics().names().get().contains(topic) && System.nanoTime() < deadline) Thread.sleep(50);
    step("describe", () -> admin.describeTopics(List.of(topic)).all().get().get(topic).partitions().size());
    step("describe unknown", () -> admin.describeTopics(List.of(prefix + "-unknown")).all().get());
    step("cluster", () -> admin.describeCluster().nodes().get().size());
  }

  private static KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "linger.ms", 5));
    options.putAll(more);
    return new KafkaProducer<>(options, new StringSerializer(), new StringSerializer());
  }

  private static TreeMap<Integer, TreeSet<Long>> produce(String value, Map<String, Object> more) throws Exception {
    try (KafkaProducer<String, String> producer = producer(more)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int index = 0; index < 20; index++) sent.add(producer.send(new ProducerRecord<>(topic, null, 1_700_000_000_000L + index, "key-" + index, value + " " + index)));
      TreeMap<Integer, TreeSet<Long>> offsets = new TreeMap<>();
      for (Future<RecordMetadata> each : sent) offsets.computeIfAbsent(each.get().partition(), p -> new TreeSet<>()).add(each.get().offset());
      return offsets;
    }
  }

  private static KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", prefix + group, "auto.offset.reset", "earliest", "enable.auto.commit", false));
    options.putAll(more);
    return new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
  }

  private static List<ConsumerRecord<String, String>> read(KafkaConsumer<String, String> consumer, int wanted) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < wanted && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static void groups() throws Exception {
    try (KafkaConsumer<String, String> first = consumer("-g", Map.of()); KafkaConsumer<String, String> second = consumer("-g", Map.of())) {
      first.subscribe(List.of(topic));
      step("consume", () -> read(first, 180).stream().map(r -> r.partition() + "@" + r.offset() + " " + r.key() + "=" + r.value() + " " + r.timestamp()).sorted().collect(Collectors.joining("\n")));
      first.commitSync();
      step("end offsets", () -> new TreeMap<>(first.endOffsets(first.assignment()).entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), Map.Entry::getValue))));
      step("offsets for times", () -> first.offsetsForTimes(first.assignment().stream().collect(Collectors.toMap(p -> p, p -> 1_700_000_000_007L))).entrySet().stream().map(e -> e.getKey().partition() + " " + e.getValue().offset()).sorted().toList());
      second.subscribe(java.util.regex.Pattern.compile(prefix + "-o.*"), new ConsumerRebalanceListener() {
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
      });
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while ((second.assignment().isEmpty() || first.assignment().size() + second.assignment().size() != 3) && System.nanoTime() < deadline) {
        first.poll(Duration.ofMillis(100));
        second.poll(Duration.ofMillis(100));
      }
      step("two members", () -> Stream.of(first.assignment().size(), second.assignment().size()).sorted().toList());
      step("describe group", () -> admin.describeConsumerGroups(List.of(prefix + "-g")).all().get().values().stream().map(d -> d.state() + " " + d.partitionAssignor() + " " + d.members().size()).toList());
      step("delete with members", () -> admin.deleteConsumerGroups(List.of(prefix + "-g")).all().get());
    }
    step("committed", () -> admin.listConsumerGroupOffsets(prefix + "-g").partitionsToOffsetAndMetadata().get().entrySet().stream().map(e -> e.getKey().partition() + " " + e.getValue().offset()).sorted().toList());
    step("groups", () -> admin.listConsumerGroups().all().get().stream().map(ConsumerGroupListing::groupId).filter(id -> id.startsWith(prefix)).toList());
    step("delete", () -> admin.deleteConsumerGroups(List.of(prefix + "-g")).all().get());
    step("delete again", () -> admin.deleteConsumerGroups(List.of(prefix + "-g")).all().get());
  }

  private static void transactions() {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaProducer<String, String> old = producer(Map.of("transactional.id", prefix + "-t")); KafkaProducer<String, String> young = producer(Map.of("transactional.id", prefix + "-t"))) {
      old.initTransactions();
      for (String text : List.of("kept", "dropped", "kept too")) {
        step("transaction: " + text, () -> {
          old.beginTransaction();
          old.send(new ProducerRecord<>(topic, 0, "t", text)).get();
          old.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(text.length())), prefix + "-tg");
          if (text.equals("dropped")) old.abortTransaction();
          else old.commitTransaction();
          return "ended";
        });
      }
      young.initTransactions();
      step("fenced", () -> {
        old.beginTransaction();
        return old.send(new ProducerRecord<>(topic, 0, "t", "old")).get();
      });
    }
    for (String isolation : List.of("read_committed", "read_uncommitted")) {
      try (KafkaConsumer<String, String> consumer = consumer("-" + isolation, Map.of("isolation.level", isolation))) {
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(r -> {
          if (r.key().equals("t")) values.add(r.offset() + " " + r.value());
        });
        step(isolation, () -> values + " " + end);
      }
    }
    step("transactional offset", () -> admin.listConsumerGroupOffsets(prefix + "-tg").partitionsToOffsetAndMetadata().get().get(partition).offset());
  }

  private static void administration() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    step("more partitions", () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4))).all().get());
    step("configs", () -> admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream().map(e -> e.name() + "=" + e.value() + " " + e.source()).sorted().collect(Collectors.joining("\n")));
    step("delete records", () -> admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(3))).lowWatermarks().get(new TopicPartition(topic, 0)).get().lowWatermark());
    step("acls", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
    step("delegation tokens", () -> admin.describeDelegationToken().delegationTokens().get());
    step("log dirs", () -> admin.describeLogDirs(List.of(1)).all().get().get(1).size());
    step("delete topic", () -> admin.deleteTopics(List.of(topic)).all().get());
    step("delete topic again", () -> admin.deleteTopics(List.of(prefix + "-unknown")).all().get());
  }
}
