// A group of two rolls from the classic to the consumer protocol and back, one consumer after the other, while it works: no
// record is lost or read twice, no partition is in two hands, offsets stay. One JSON line per step.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.*;

final class Migration {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 40;
  private final String servers;
  private final String name;
  private final String topic;
  private final String group;
  private final Map<String, Object> classicOptions;
  private final boolean isStatic;
  private final Admin admin;
  private final List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
  private final Map<String, Object> said = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private int produced = 0;
  private int doubled = 0;
  private int overlaps = 0;

  private Migration(String servers, String prefix, String name, boolean isStatic, Map<String, Object> classicOptions) {
    this.servers = servers;
    this.name = name;
    this.topic = prefix + "-migration-" + name;
    this.group = topic + "-group";
    this.isStatic = isStatic;
    this.classicOptions = classicOptions;
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  public static void main(String[] arguments) throws Exception {
    String assignor = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";
    List<Migration> migrations = List.of(
      new Migration(arguments[0], arguments[1], "eager", false, Map.of()),
      new Migration(arguments[0], arguments[1], "cooperative", false, Map.of("partition.assignment.strategy", assignor)),
      new Migration(arguments[0], arguments[1], "static", true, Map.of()));
    // At one time, for most of it is waiting; told one after the other.
    Cooperative cooperative = new Cooperative(arguments[0], arguments[1]);
    ExecutorService threads = Executors.newFixedThreadPool(migrations.size() + 1);
    List<Future<?>> held = new ArrayList<>();
    for (Migration migration : migrations) held.add(threads.submit(() -> { migration.hold(); return null; }));
    held.add(threads.submit(() -> { cooperative.hold(); return null; }));
    threads.shutdown();
    for (Future<?> one : held) one.get();
    for (Migration migration : migrations) migration.said.forEach(Conversation::say);
    cooperative.said.forEach(Conversation::say);
  }

  private void hold() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    consumers.add(consumer(false, 0));
    consumers.add(consumer(false, 1));
    work("two classic consumers");
    replace(0, true);
    work("the first one rolled up");
    replace(1, true);
    work("both rolled up");
    replace(0, false);
    work("the first one rolled back");
    replace(1, false);
    work("both rolled back");
    for (KafkaConsumer<String, String> consumer : consumers) consumer.close();
    say("offsets kept", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream().mapToLong(OffsetAndMetadata::offset).sum());
    say("lost, doubled, in two hands", (produced - seen.size()) + " " + doubled + " " + overlaps);
    admin.close();
  }

  private void say(String step, Object result) {
    said.put("migration, " + name + ": " + step, result);
  }

  private KafkaConsumer<String, String> consumer(boolean isNewProtocol, int place) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit", false));
    if (isStatic) options.put("group.instance.id", "place-" + place);
    if (isNewProtocol) options.put("group.protocol", "consumer");
    else {
      options.putAll(Map.of("group.protocol", "classic", "heartbeat.interval.ms", 500, "session.timeout.ms", 45000));
      options.putAll(classicOptions);
    }
    KafkaConsumer<String, String> consumer = new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  private void replace(int index, boolean isNewProtocol) {
    consumers.remove(index).close();
    consumers.add(index, consumer(isNewProtocol, index));
  }

  private void work(String step) throws Exception {
    pollUntil(this::isShared);
    produce();
    pollUntil(() -> seen.size() == produced);
    for (KafkaConsumer<String, String> consumer : consumers) consumer.commitSync();
    pollUntil(this::isStable);
    say(step + ", partitions each", consumers.stream().map(consumer -> consumer.assignment().size()).toList());
    say(step + ", read", seen.size() + " of " + produced);
    say(step + ", the group", described());
  }

  /** Everything is assigned, half to each. */
  private boolean isShared() {
    return consumers.stream().allMatch(consumer -> consumer.assignment().size() == PARTITIONS / 2);
  }

  private boolean isStable() {
    try {
      return admin.describeConsumerGroups(List.of(group)).all().get().get(group).groupState() == GroupState.STABLE;
    } catch (InterruptedException | ExecutionException error) {
      throw new IllegalStateException(error);
    }
  }

  private Object described() throws Exception {
    ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    List<String> members = description.members().stream().map(member -> member.groupInstanceId().orElse("dynamic") + " " + member.upgraded().map(String::valueOf).orElse("-") + " " + member.assignment().topicPartitions().size()).sorted().toList();
    return description.type() + " " + description.groupState() + " " + description.partitionAssignor() + " " + members;
  }

  private void produce() {
    Map<String, Object> options = Map.of("bootstrap.servers", servers, "linger.ms", 5);
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(options, new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++, produced++) producer.send(new ProducerRecord<>(topic, index % PARTITIONS, null, "record " + produced));
      producer.flush();
    }
  }

  private interface Condition {
    boolean holds();
  }

  private void pollUntil(Condition done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.holds() && System.nanoTime() < deadline) {
      for (KafkaConsumer<String, String> consumer : consumers) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) if (!seen.add(record.value())) doubled++;
      }
      Set<TopicPartition> first = new HashSet<>(consumers.get(0).assignment());
      first.retainAll(consumers.get(1).assignment());
      if (!first.isEmpty()) overlaps++;
    }
  }
}
