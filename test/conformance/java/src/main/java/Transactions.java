// Transactions as the Java client makes them (transactions V2): one JSON line per step, nothing in it that differs from
// run to run.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.*;

final class Transactions {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final String servers;
  private final String prefix;
  private final Admin admin;
  private final String topic;

  Transactions(String servers, String prefix, Admin admin) {
    this.servers = servers;
    this.prefix = prefix;
    this.admin = admin;
    this.topic = prefix + "-transactions";
  }

  void hold() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    commitsAndAborts();
    offsets();
    fencing();
    tools();
    timeout();
    admin.deleteTopics(List.of(topic)).all().get();
  }

  private static void say(String step, Object result) {
    Conversation.say("transactions: " + step, result);
  }

  private Object attempt(Callable<Object> action) {
    try {
      return String.valueOf(action.call()).replace(prefix, "PREFIX");
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName();
    }
  }

  private KafkaProducer<String, String> producer(String id, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "transactional.id", prefix + id, "linger.ms", 0));
    options.putAll(more);
    return new KafkaProducer<>(options, new StringSerializer(), new StringSerializer());
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }

  /** What a reader of this isolation finds, and where the partitions end for it. */
  private String seen(String isolation) {
    Map<String, Object> options = Map.of("bootstrap.servers", servers, "isolation.level", isolation);
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> all = List.of(partition(0), partition(1));
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      List<String> lines = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p)) && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(r -> lines.add(r.partition() + "@" + r.offset() + "=" + r.value()));
      }
      return lines.stream().sorted().toList() + " ends " + ends.get(partition(0)) + " " + ends.get(partition(1));
    }
  }

  private String both() {
    return seen("read_committed") + " of " + seen("read_uncommitted");
  }

  /** Apache Kafka answers before the markers are everywhere. */
  private void whenState(String id, TransactionState... wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (List.of(wanted).contains(admin.describeTransactions(List.of(prefix + id)).description(prefix + id).get().state())) return;
      Thread.sleep(20);
    }
    say("late", id);
  }

  private void commitsAndAborts() throws Exception {
    try (KafkaProducer<String, String> producer = producer("-a", Map.of())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int index = 0; index < 4; index++) producer.send(new ProducerRecord<>(topic, index % 2, "k", "first " + index));
      producer.commitTransaction();
      whenState("-a", TransactionState.COMPLETE_COMMIT);
      say("committed", both());
      producer.beginTransaction();
      for (int index = 0; index < 3; index++) producer.send(new ProducerRecord<>(topic, index % 2, "k", "second " + index)).get();
      producer.abortTransaction();
      whenState("-a", TransactionState.COMPLETE_ABORT);
      say("aborted", both());
      producer.beginTransaction();
      producer.commitTransaction();
      say("nothing sent", both());
      producer.beginTransaction();
      say("sent", producer.send(new ProducerRecord<>(topic, 0, "k", "third")).get().offset());
      say("open", both());
      try (KafkaProducer<String, String> other = producer("-b", Map.of())) {
        other.initTransactions();
        other.beginTransaction();
        other.send(new ProducerRecord<>(topic, 0, "k", "other")).get();
        other.send(new ProducerRecord<>(topic, 1, "k", "other")).get();
        other.commitTransaction();
        whenState("-b", TransactionState.COMPLETE_COMMIT);
        say("committed behind an open one", both());
        other.beginTransaction();
        other.send(new ProducerRecord<>(topic, 0, "k", "other again")).get();
        other.abortTransaction();
        whenState("-b", TransactionState.COMPLETE_ABORT);
      }
      producer.abortTransaction();
      whenState("-a", TransactionState.COMPLETE_ABORT);
      say("nothing open", both());
      for (int round = 0; round < 5; round++) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 1, "k", "round " + round)).get();
        if (round % 2 == 0) producer.commitTransaction();
        else producer.abortTransaction();
      }
      whenState("-a", TransactionState.COMPLETE_COMMIT);
      say("rounds", both());
    }
  }

  private Object committedOffset(String group, boolean stable) {
    return attempt(() -> {
      ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable).timeoutMs(1500);
      OffsetAndMetadata found = admin.listConsumerGroupOffsets(group, options).partitionsToOffsetAndMetadata().get().get(partition(0));
      return found == null ? null : found.offset() + found.metadata();
    });
  }

  private void offsets() throws Exception {
    String group = prefix + "-transactional-group";
    Map<String, Object> options = Map.of("bootstrap.servers", servers, "group.id", group, "enable.auto.commit", false, "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
        KafkaProducer<String, String> producer = producer("-c", Map.of())) {
      consumer.subscribe(List.of(topic));
      while (consumer.assignment().isEmpty()) consumer.poll(Duration.ofMillis(100));
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "with offsets"));
      producer.sendOffsetsToTransaction(Map.of(partition(0), new OffsetAndMetadata(3, "three")), consumer.groupMetadata());
      say("offsets pending", committedOffset(group, false) + " " + committedOffset(group, true));
      producer.commitTransaction();
      whenState("-c", TransactionState.COMPLETE_COMMIT);
      say("offsets committed", committedOffset(group, true));
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(partition(0), new OffsetAndMetadata(5, "five")), consumer.groupMetadata());
      producer.abortTransaction();
      whenState("-c", TransactionState.COMPLETE_ABORT);
      say("offsets aborted", committedOffset(group, true));
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(partition(0), new OffsetAndMetadata(7, "seven")), new ConsumerGroupMetadata(group));
      producer.commitTransaction();
      whenState("-c", TransactionState.COMPLETE_COMMIT);
      say("offsets without a member", committedOffset(group, true));
      producer.beginTransaction();
      say("offsets of a stranger", attempt(() -> {
        producer.sendOffsetsToTransaction(Map.of(partition(0), new OffsetAndMetadata(9)), new ConsumerGroupMetadata(group, 1, "nobody", Optional.empty()));
        return "sent";
      }));
      producer.abortTransaction();
    }
    say("offsets in the end", committedOffset(group, true));
  }

  private void fencing() throws Exception {
    try (KafkaProducer<String, String> old = producer("-d", Map.of()); KafkaProducer<String, String> young = producer("-d", Map.of())) {
      old.initTransactions();
      old.beginTransaction();
      old.send(new ProducerRecord<>(topic, 0, "k", "of the old")).get();
      young.initTransactions();
      whenState("-d", TransactionState.EMPTY);
      say("old sends", attempt(() -> old.send(new ProducerRecord<>(topic, 0, "k", "too late")).get().offset()));
      say("old commits", attempt(() -> {
        old.commitTransaction();
        return "committed";
      }));
      young.beginTransaction();
      young.send(new ProducerRecord<>(topic, 0, "k", "of the young")).get();
      young.commitTransaction();
      whenState("-d", TransactionState.COMPLETE_COMMIT);
      say("fenced", both());
      admin.fenceProducers(List.of(prefix + "-d", prefix + "-unknown")).all().get();
      young.beginTransaction();
      say("fenced by an administrator", attempt(() -> {
        young.send(new ProducerRecord<>(topic, 0, "k", "no more")).get();
        return "sent";
      }));
    }
    try (KafkaProducer<String, String> producer = producer("-e", Map.of("transaction.timeout.ms", 900_001))) {
      say("timeout too long", attempt(() -> {
        producer.initTransactions();
        return "done";
      }));
    }
  }

  private String described(String id) {
    return String.valueOf(attempt(() -> {
      TransactionDescription found = admin.describeTransactions(List.of(prefix + id)).description(prefix + id).get();
      return found.state() + " epoch " + found.producerEpoch() + " timeout " + found.transactionTimeoutMs() + " " + found.topicPartitions().stream().map(String::valueOf).sorted().toList() + " begun " + found.transactionStartTimeMs().isPresent();
    }));
  }

  private String producersOf(int number, long producerId) throws Exception {
    return admin.describeProducers(List.of(partition(number))).partitionResult(partition(number)).get().activeProducers().stream()
        .filter(p -> p.producerId() == producerId)
        .map(p -> "epoch " + p.producerEpoch() + " last " + p.lastSequence() + " coordinator " + p.coordinatorEpoch() + " open at " + p.currentTransactionStartOffset())
        .toList().toString();
  }

  private void tools() throws Exception {
    try (KafkaProducer<String, String> producer = producer("-f", Map.of())) {
      producer.initTransactions();
      say("describe new", described("-f"));
      say("describe unknown", described("-nobody"));
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "hanging")).get();
      producer.send(new ProducerRecord<>(topic, 1, "k", "hanging")).get();
      say("describe open", described("-f"));
      long producerId = admin.describeTransactions(List.of(prefix + "-f")).description(prefix + "-f").get().producerId();
      say("producers", producersOf(0, producerId));
      say("list open", admin.listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING))).all().get().stream().map(TransactionListing::transactionalId).filter(id -> id.startsWith(prefix)).map(id -> id.replace(prefix, "")).sorted().toList());
      say("list by producer", admin.listTransactions(new ListTransactionsOptions().filterProducerIds(List.of(producerId))).all().get().stream().map(t -> t.transactionalId().replace(prefix, "") + " " + t.state()).toList());
      say("list old", admin.listTransactions(new ListTransactionsOptions().filterOnDuration(3_600_000)).all().get().stream().map(TransactionListing::transactionalId).filter(id -> id.equals(prefix + "-f")).count());
      say("abort by hand", attempt(() -> admin.abortTransaction(new AbortTransactionSpec(partition(0), producerId, (short) 0, 0)).all().get()));
      say("producers after", producersOf(0, producerId));
      producer.commitTransaction();
      whenState("-f", TransactionState.COMPLETE_COMMIT);
      say("describe done", described("-f"));
      say("after the abort by hand", both());
    }
    say("list all", admin.listTransactions().all().get().stream().map(t -> t.transactionalId() + " " + t.state()).filter(line -> line.startsWith(prefix)).map(line -> line.replace(prefix, "")).sorted().toList());
  }

  private void timeout() throws Exception {
    try (KafkaProducer<String, String> producer = producer("-g", Map.of("transaction.timeout.ms", 3000))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "too slow")).get();
      whenState("-g", TransactionState.COMPLETE_ABORT);
      say("timed out", described("-g"));
      say("commit after the timeout", attempt(() -> {
        producer.commitTransaction();
        return "committed";
      }));
      say("after the timeout", both());
    }
  }
}
