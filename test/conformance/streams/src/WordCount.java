// A word count of Kafka Streams with exactly_once_v2: lines -> words (repartition topic) -> counts (changelog topic) -> every
// count that a word had. Run as: produce FROM TO | run STATE_DIRECTORY | read WANTED, each after servers and prefix.

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
      case "run" -> run(arguments[3]);
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

  private static void run(String stateDirectory) throws Exception {
    Properties options = new Properties();
    options.putAll(Map.of("application.id", prefix + "-app", "bootstrap.servers", servers, "processing.guarantee", "exactly_once_v2", "commit.interval.ms", 100, "state.dir", stateDirectory, "statestore.cache.max.bytes", 0, "num.stream.threads", 2, "replication.factor", 1));
    options.putAll(Map.of("default.key.serde", Serdes.StringSerde.class.getName(), "default.value.serde", Serdes.StringSerde.class.getName(), "consumer.auto.offset.reset", "earliest", "consumer.session.timeout.ms", 6000, "consumer.heartbeat.interval.ms", 1000, "consumer.max.poll.records", 50));
    options.putAll(Map.of("task.timeout.ms", 120_000, "producer.delivery.timeout.ms", 60_000, "producer.request.timeout.ms", 10_000, "producer.transaction.timeout.ms", 5_000));
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
      say("group", admin.describeConsumerGroups(List.of(prefix + "-app")).all().get().values().stream().map(group -> group.groupState() + " " + group.type() + " " + group.partitionAssignor()).toList());
      for (String internal : List.of("-app-words-repartition", "-app-counts-changelog")) {
        var resource = new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.TOPIC, prefix + internal);
        say("settings of " + internal, admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream().filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG).map(entry -> entry.name() + "=" + entry.value()).sorted().toList());
      }
    }
  }
}
