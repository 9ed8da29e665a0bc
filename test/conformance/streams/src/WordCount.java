// A word count of Kafka Streams with exactly_once_v2: lines -> words (repartition topic) -> counts (changelog topic) -> every
// count that a word had. Run as: produce FROM TO | configure KEY=VALUE ... | run STATE_DIRECTORY [KEY=VALUE ...] | read WANTED
// | describe MEMBERS, each after servers and prefix. `configure` and `describe` are about the streams group that it is with
// group.protocol=streams.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.state.KeyValueStore;

public final class WordCount {
  private static final int WORDS = 17;
  private static String servers;
  private static String prefix;

  public static void main(String[] arguments) throws Exception {
    servers = arguments[1];
    prefix = arguments[2];
    switch (arguments[0]) {
      case "produce" -> produce(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
      case "run" -> run(arguments[3], Arrays.asList(arguments).subList(4, arguments.length));
      case "configure" -> configure(Arrays.asList(arguments).subList(3, arguments.length));
      case "describe" -> describe(Integer.parseInt(arguments[3]));
      case "read" -> read(Integer.parseInt(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void produce(int from, int to) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      if (from == 0) admin.createTopics(List.of(new NewTopic(prefix + "-lines", 3, (short) 1), new NewTopic(prefix + "-counts", 2, (short) 1))).all().get();
    }
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
      for (int index = from; index < to; index++) producer.send(new ProducerRecord<>(prefix + "-lines", index % 3, null, "word-" + index % WORDS + " Word-" + (index * 7) % WORDS));
      producer.flush();
    }
  }

  private static void run(String stateDirectory, List<String> more) throws Exception {
    Properties options = new Properties();
    options.putAll(Map.of("application.id", prefix + "-app", "bootstrap.servers", servers, "processing.guarantee", "exactly_once_v2", "commit.interval.ms", 100, "state.dir", stateDirectory, "statestore.cache.max.bytes", 0, "num.stream.threads", 2, "replication.factor", 1));
    options.putAll(Map.of("default.key.serde", Serdes.StringSerde.class.getName(), "default.value.serde", Serdes.StringSerde.class.getName(), "consumer.auto.offset.reset", "earliest", "consumer.session.timeout.ms", 6000, "consumer.heartbeat.interval.ms", 1000, "consumer.max.poll.records", 50));
    options.putAll(Map.of("task.timeout.ms", 120_000, "producer.delivery.timeout.ms", 60_000, "producer.request.timeout.ms", 10_000, "producer.transaction.timeout.ms", 5_000));
    for (String option : more) {
      String[] parts = option.split("=", 2);
      // The broker says how often members of a streams group beat and how long they may be silent.
      if (option.equals("group.protocol=streams")) options.keySet().removeAll(List.of("consumer.session.timeout.ms", "consumer.heartbeat.interval.ms"));
      options.put(parts[0], parts[1]);
    }
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream(prefix + "-lines")
      .peek((key, line) -> processed())
      .flatMapValues(line -> Arrays.asList(line.toLowerCase(Locale.ROOT).split(" ")))
      .groupBy((key, word) -> word, Grouped.as("words"))
      .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts").withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()))
      .toStream()
      .mapValues(count -> Long.toString(count))
      .to(prefix + "-counts");
    KafkaStreams streams = new KafkaStreams(builder.build(), options);
    streams.setUncaughtExceptionHandler(error -> {
      System.out.println("replaced after " + error.getClass().getSimpleName());
      return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
    streams.start();
    new CountDownLatch(1).await();
  }

  private static int seen;

  /** Slow enough to be killed in the middle. */
  private static synchronized void processed() {
    seen++;
    if (seen % 50 == 0) System.out.println("processed " + seen);
    try {
      Thread.sleep(1);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(String step, Object result) {
    System.out.println("{\"step\":\"" + step + "\",\"result\":\"" + String.valueOf(result).replace(prefix, "PREFIX") + "\"}");
  }

  /** Exactly once: the counts of a word are 1, 2, 3, ... without a gap or a repetition. */
  private static void read(int wanted) throws Exception {
    Map<String, List<Integer>> counts = new TreeMap<>();
    Map<String, Object> options = Map.of("bootstrap.servers", servers, "isolation.level", "read_committed", "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> all = List.of(new TopicPartition(prefix + "-counts", 0), new TopicPartition(prefix + "-counts", 1));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      int total = 0;
      long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
      while (total < wanted && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          counts.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(Integer.valueOf(record.value()));
          total++;
        }
      }
      // What was written twice would come now.
      for (int more = 0; more < 5; more++) total += consumer.poll(Duration.ofMillis(200)).count();
      say("counts in all", total);
    }
    for (Map.Entry<String, List<Integer>> entry : counts.entrySet()) {
      List<Integer> expected = IntStream.rangeClosed(1, entry.getValue().size()).boxed().toList();
      say("counts of " + entry.getKey(), entry.getValue().equals(expected) ? "1 to " + expected.size() : entry.getValue());
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      say("topics", admin.listTopics().names().get().stream().filter(name -> name.startsWith(prefix)).sorted().toList());
      boolean isStreams = admin.listGroups().all().get().stream().anyMatch(group -> group.groupId().equals(prefix + "-app") && group.type().get() == org.apache.kafka.common.GroupType.STREAMS);
      if (!isStreams) say("group", admin.describeConsumerGroups(List.of(prefix + "-app")).all().get().values().stream().map(group -> group.groupState() + " " + group.type() + " " + group.partitionAssignor()).toList());
      for (String internal : List.of("-app-words-repartition", "-app-counts-changelog")) {
        var resource = new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.TOPIC, prefix + internal);
        say("settings of " + internal, admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream().filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG).map(entry -> entry.name() + "=" + entry.value()).sorted().toList());
      }
    }
  }

  private static void configure(List<String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      var group = new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.GROUP, prefix + "-app");
      List<AlterConfigOp> changes = settings.stream().map(setting -> setting.split("=", 2)).map(parts -> new AlterConfigOp(new ConfigEntry(parts[0], parts[1]), AlterConfigOp.OpType.SET)).toList();
      admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
    }
  }

  /** Once so many members have all that they shall have. Who has which task hangs on ids that are chance. */
  private static void describe(int members) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      StreamsGroupDescription group = settled(admin, members);
      say("state with " + members + " members", group.groupState() + " of " + group.members().size() + " in " + group.members().stream().map(StreamsGroupMemberDescription::processId).distinct().count() + " processes");
      for (StreamsGroupSubtopologyDescription subtopology : group.subtopologies())
        say("subtopology " + subtopology.subtopologyId(), subtopology.sourceTopics() + " " + new TreeMap<>(subtopology.repartitionSourceTopics()) + " " + subtopology.repartitionSinkTopics() + " " + new TreeMap<>(subtopology.stateChangelogTopics()));
      say("active", count(group, StreamsGroupMemberAssignment::activeTasks));
      say("standby", count(group, StreamsGroupMemberAssignment::standbyTasks));
      say("warm-up", count(group, StreamsGroupMemberAssignment::warmupTasks));
      say("shares", group.members().stream().map(member -> tasks(member.assignment().activeTasks()).size()).sorted().toList());
      say("targets", group.members().stream().allMatch(member -> member.assignment().equals(member.targetAssignment()) && member.memberEpoch() == group.targetAssignmentEpoch()) ? "reached" : "not reached");
      say("topology epochs", group.topologyEpoch() + " " + group.members().stream().map(StreamsGroupMemberDescription::topologyEpoch).distinct().toList());
      say("classic", group.members().stream().map(StreamsGroupMemberDescription::isClassic).distinct().toList());
      var offsets = admin.listStreamsGroupOffsets(Map.of(prefix + "-app", new ListStreamsGroupOffsetsSpec())).partitionsToOffsetAndMetadata(prefix + "-app").get();
      say("offsets of", offsets.keySet().stream().map(TopicPartition::toString).sorted().toList());
    }
  }

  private static StreamsGroupDescription settled(Admin admin, int members) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(80).toNanos();
    for (;;) {
      StreamsGroupDescription group = admin.describeStreamsGroups(List.of(prefix + "-app")).all().get().get(prefix + "-app");
      boolean rests = group.groupState() == org.apache.kafka.common.GroupState.STABLE || group.groupState() == org.apache.kafka.common.GroupState.EMPTY;
      if (rests && group.members().size() == members || System.nanoTime() > deadline) return group;
      Thread.sleep(100);
    }
  }

  private static List<String> tasks(List<StreamsGroupMemberAssignment.TaskIds> tasks) {
    return tasks.stream().flatMap(ids -> ids.partitions().stream().map(partition -> ids.subtopologyId() + "_" + partition)).sorted().toList();
  }

  private static List<String> count(StreamsGroupDescription group, java.util.function.Function<StreamsGroupMemberAssignment, List<StreamsGroupMemberAssignment.TaskIds>> kind) {
    return group.members().stream().flatMap(member -> tasks(kind.apply(member.assignment())).stream()).sorted().toList();
  }
}
