// Cooperative-sticky groups of the classic protocol: who keeps what while others come, go and come back, and which assignor
// a group takes whose members name several. Only numbers are said, because which partition goes to whom is chance.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.serialization.*;

final class Cooperative {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String STICKY = CooperativeStickyAssignor.class.getName();
  private static final String RANGE = RangeAssignor.class.getName();
  private final String servers;
  private final String topic;
  private final String group;
  private final Admin admin;
  /** Told later, because others speak meanwhile. */
  final Map<String, Object> said = new LinkedHashMap<>();

  Cooperative(String servers, String prefix) {
    this.servers = servers;
    this.topic = prefix + "-cooperative";
    this.group = prefix + "-cooperative";
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  /** A member, and what its listener was told. */
  private final class Member implements ConsumerRebalanceListener, AutoCloseable {
    final KafkaConsumer<String, String> consumer;
    int revoked;
    int lost;
    int assigned;

    Member(String assignors, Map<String, Object> more) {
      Map<String, Object> options = new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group, "auto.offset.reset", "earliest", "enable.auto.commit", false, "partition.assignment.strategy", assignors, "metadata.max.age.ms", 500, "heartbeat.interval.ms", 300));
      options.putAll(more);
      consumer = new KafkaConsumer<>(options, new StringDeserializer(), new StringDeserializer());
      consumer.subscribe(List.of(topic), this);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      revoked += partitions.size();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assigned += partitions.size();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      lost += partitions.size();
    }

    int owned() {
      return consumer.assignment().size();
    }

    /** Since the last time that it was asked. */
    String told() {
      String told = "+" + assigned + " -" + revoked + " lost " + lost;
      assigned = revoked = lost = 0;
      return told;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  private void say(String step, Object result) {
    said.put("cooperative: " + step, result);
  }

  /** Everybody polls until the group has come to rest with these numbers, in any order. */
  private static String settle(List<Member> members, Integer... numbers) {
    List<Integer> wanted = Stream.of(numbers).sorted().toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<Integer> owned = List.of();
    while (!owned.equals(wanted) && System.nanoTime() < deadline) {
      for (Member member : members) member.consumer.poll(Duration.ofMillis(50));
      owned = members.stream().map(Member::owned).sorted().toList();
    }
    return owned.toString();
  }

  private String assignor() throws Exception {
    ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    return description.partitionAssignor() + " " + description.groupState() + " " + description.members().size();
  }

  void hold() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 6, (short) 1))).all().get();
    try (Member first = new Member(STICKY, Map.of())) {
      say("alone", settle(List.of(first), 6) + " " + first.told());
      try (Member second = new Member(STICKY, Map.of())) {
        say("a second comes", settle(List.of(first, second), 3, 3) + " " + first.told() + ", " + second.told());
        try (Member third = new Member(STICKY, Map.of())) {
          say("a third comes", settle(List.of(first, second, third), 2, 2, 2) + " " + first.told() + ", " + second.told() + ", " + third.told());
          say("described", assignor());
        }
        say("the third goes", settle(List.of(first, second), 3, 3) + " " + first.told() + ", " + second.told());
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(8))).all().get();
        say("the topic grows", settle(List.of(first, second), 4, 4) + " " + first.told() + ", " + second.told());
      }
      say("the second goes", settle(List.of(first), 8) + " " + first.told());
    }
    statics();
    mixed();
    say("delete", admin.deleteConsumerGroups(List.of(group)).all().get());
    admin.deleteTopics(List.of(topic)).all().get();
    admin.close();
  }

  /** One that names itself comes back to what it had, and nobody notices. */
  private void statics() throws Exception {
    try (Member first = new Member(STICKY, Map.of("group.instance.id", "one"))) {
      Set<TopicPartition> had;
      try (Member second = new Member(STICKY, Map.of("group.instance.id", "two"))) {
        say("two static members", settle(List.of(first, second), 4, 4));
        had = second.consumer.assignment();
      }
      first.told();
      try (Member again = new Member(STICKY, Map.of("group.instance.id", "two"))) {
        say("one comes back", settle(List.of(first, again), 4, 4) + " " + had.equals(again.consumer.assignment()) + " " + first.told());
      }
    }
    Collection<MemberToRemove> both = List.of(new MemberToRemove("one"), new MemberToRemove("two"));
    say("static members removed", admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(both)).all().get());
  }

  /** As a group is rolled from range to cooperative-sticky: while one knows only range, that is what all take. */
  private void mixed() throws Exception {
    try (Member both = new Member(STICKY + "," + RANGE, Map.of()); Member range = new Member(RANGE, Map.of())) {
      say("range beside both", settle(List.of(both, range), 4, 4) + " " + assignor());
      range.close();
      say("range goes", settle(List.of(both), 8) + " " + assignor());
      try (Member other = new Member(STICKY + "," + RANGE, Map.of())) {
        say("both beside both", settle(List.of(both, other), 4, 4) + " " + assignor());
      }
    }
  }
}
