// Groups of the consumer protocol (KIP-848), as the Java client and its Admin see them: group.protocol=consumer.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

final class ConsumerGroups {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final String servers;
  private final String prefix;
  private final Admin admin;

  ConsumerGroups(String servers, String prefix, Admin admin) {
    this.servers = servers;
    this.prefix = prefix;
    this.admin = admin;
  }

  void hold() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic("eu"), 4, (short) 1), new NewTopic(topic("us"), 2, (short) 1))).all().get();
    configure("pair");
    produce(topic("eu"), 40);
    produce(topic("us"), 20);
    alone();
    pair();
    pattern();
    range();
    refusals();
  }

  private String topic(String name) {
    return prefix + "-848-" + name;
  }

  private static void say(String step, Object result) {
    Conversation.say("consumer protocol: " + step, result);
  }

  private Object attempt(Callable<Object> action) {
    try {
      return action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replace(prefix, "PREFIX").replaceAll("(member|by) [\\w-]{22} ", "$1 ID ");
    }
  }

  /** A group may have settings before it has members. */
  private void configure(String group) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, prefix + "-848-" + group);
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry("consumer.heartbeat.interval.ms", "6000"), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
  }

  private void produce(String topic, int count) throws Exception {
    Map<String, Object> options = Map.of("bootstrap.servers", servers, "linger.ms", 5);
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(options, new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < count; index++) producer.send(new ProducerRecord<>(topic, "key-" + index, "value " + index));
      producer.flush();
    }
  }

  private KafkaConsumer<String, String> consumer(String group, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", prefix + "-848-" + group, "group.protocol", "consumer", "auto.offset.reset", "earliest", "enable.auto.commit", false));
    options.putAll(more);
    return new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
  }

  private static List<ConsumerRecord<String, String>> read(KafkaConsumer<String, String> consumer, int wanted) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < wanted && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static void pollUntil(List<KafkaConsumer<String, String>> consumers, BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean() && System.nanoTime() < deadline) for (KafkaConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(100));
  }

  private interface BooleanSupplier {
    boolean getAsBoolean();
  }

  private Object assignmentOf(KafkaConsumer<String, String> consumer) {
    return consumer.assignment().stream().map(p -> p.toString().replace(prefix, "PREFIX")).sorted().toList();
  }

  private void alone() throws Exception {
    String group = prefix + "-848-alone";
    try (KafkaConsumer<String, String> consumer = consumer("alone", Map.of("client.rack", "rack-1"))) {
      consumer.subscribe(List.of(topic("eu")));
      List<ConsumerRecord<String, String>> records = read(consumer, 40);
      say("alone", records.size() + " " + assignmentOf(consumer));
      consumer.commitSync();
      say("committed", new TreeMap<>(consumer.committed(consumer.assignment()).entrySet().stream().collect(Collectors.toMap(e -> e.getKey().partition(), e -> e.getValue().offset()))).size());
      say("epoch", consumer.groupMetadata().generationId());
      say("describe", described(group));
      say("classic description", attempt(() -> admin.describeClassicGroups(List.of(group)).all().get()));
      say("delete while alive", attempt(() -> admin.deleteConsumerGroups(List.of(group)).all().get()));
      say("alter offsets while alive", attempt(() -> admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic("eu"), 0), new OffsetAndMetadata(1))).all().get()));
    }
    say("listed", admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream().filter(g -> g.groupId().equals(group)).map(g -> g.type() + " " + g.protocol() + " " + g.groupState()).toList());
    say("describe empty", described(group));
    say("alter offsets", attempt(() -> admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic("eu"), 0), new OffsetAndMetadata(1, "note"))).all().get()));
    try (KafkaConsumer<String, String> again = consumer("alone", Map.of())) {
      again.subscribe(List.of(topic("eu")));
      produce(topic("eu"), 1);
      pollUntil(List.of(again), () -> again.assignment().size() == 4);
      say("position set by the administrator", again.position(new TopicPartition(topic("eu"), 0)) >= 1);
    }
    say("delete", attempt(() -> admin.deleteConsumerGroups(List.of(group)).all().get()));
    say("describe deleted", attempt(() -> admin.describeConsumerGroups(List.of(group)).all().get()));
  }

  private String described(String group) throws Exception {
    ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    String members = description.members().stream().map(m -> m.groupInstanceId() + " " + m.rackId() + " epoch " + m.memberEpoch() + " upgraded " + m.upgraded() + " " + m.assignment().topicPartitions().size() + " of " + m.targetAssignment().map(t -> t.topicPartitions().size())).sorted().toList().toString();
    return description.type() + " " + description.groupState() + " " + description.partitionAssignor() + " epochs " + description.groupEpoch() + " " + description.targetAssignmentEpoch() + " " + members;
  }

  private void pair() throws Exception {
    String group = prefix + "-848-pair";
    Map<String, Object> isStatic = Map.of("group.instance.id", "static-1");
    try (KafkaConsumer<String, String> first = consumer("pair", Map.of()); KafkaConsumer<String, String> second = consumer("pair", isStatic)) {
      first.subscribe(List.of(topic("eu")));
      pollUntil(List.of(first), () -> first.assignment().size() == 4);
      second.subscribe(List.of(topic("eu")));
      pollUntil(List.of(first, second), () -> first.assignment().size() == 2 && second.assignment().size() == 2);
      Set<TopicPartition> all = new HashSet<>(first.assignment());
      all.addAll(second.assignment());
      say("pair", first.assignment().size() + " " + second.assignment().size() + " " + all.size());
      say("describe pair", described(group).replaceAll("epoch \\d+", "epoch N"));
      try (KafkaConsumer<String, String> rival = consumer("pair", isStatic)) {
        rival.subscribe(List.of(topic("eu")));
        say("instance taken", attempt(() -> {
          pollUntil(List.of(rival), () -> rival.assignment().size() > 0);
          return rival.assignment().size();
        }));
      }
    }
  }

  private void pattern() throws Exception {
    try (KafkaConsumer<String, String> consumer = consumer("pattern", Map.of())) {
      consumer.subscribe(new SubscriptionPattern(prefix + "-848-(eu|us)"));
      say("pattern", attempt(() -> {
        pollUntil(List.of(consumer), () -> consumer.assignment().size() == 6);
        return assignmentOf(consumer);
      }));
    }
    try (KafkaConsumer<String, String> consumer = consumer("pattern", Map.of())) {
      consumer.subscribe(new SubscriptionPattern("[a-"));
      say("bad pattern", attempt(() -> {
        pollUntil(List.of(consumer), () -> consumer.assignment().size() > 0);
        return null;
      }));
    }
  }

  private void range() {
    try (KafkaConsumer<String, String> first = consumer("range", Map.of("group.remote.assignor", "range", "group.instance.id", "a")); KafkaConsumer<String, String> second = consumer("range", Map.of("group.remote.assignor", "range", "group.instance.id", "b"))) {
      first.subscribe(List.of(topic("eu"), topic("us")));
      second.subscribe(List.of(topic("eu"), topic("us")));
      pollUntil(List.of(first, second), () -> first.assignment().size() == 3 && second.assignment().size() == 3);
      say("range", assignmentOf(first) + " " + assignmentOf(second));
    }
    try (KafkaConsumer<String, String> consumer = consumer("other", Map.of("group.remote.assignor", "sticky"))) {
      consumer.subscribe(List.of(topic("eu")));
      say("unknown assignor", attempt(() -> {
        pollUntil(List.of(consumer), () -> consumer.assignment().size() > 0);
        return null;
      }));
    }
  }

  private void refusals() throws Exception {
    say("group config", attempt(() -> {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, prefix + "-848-pair");
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream().filter(e -> e.name().startsWith("consumer.heartbeat")).map(e -> e.name() + "=" + e.value() + " " + e.source()).sorted().toList();
    }));
    admin.deleteTopics(List.of(topic("eu"), topic("us"))).all().get();
    // A broker of Apache Kafka hears of it a moment later.
    while (admin.listTopics().names().get().stream().anyMatch(name -> name.startsWith(topic("")))) Thread.sleep(50);
  }
}
