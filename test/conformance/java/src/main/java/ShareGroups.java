// Share groups (KIP-932), as the Java client and its Admin see them: members that read, groups that are described and listed,
// offsets that are looked at, altered and deleted, groups that go. One JSON line per step.

import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

final class ShareGroups {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final String servers;
  private final String prefix;
  private final String topic;
  private final String group;
  private final Admin admin;

  private ShareGroups(String servers, String prefix) {
    this.servers = servers;
    this.prefix = prefix;
    this.topic = prefix + "-shared";
    this.group = prefix + "-sharers";
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
  }

  public static void main(String[] arguments) throws Exception {
    new ShareGroups(arguments[0], arguments[1]).hold();
  }

  private void hold() throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1), new NewTopic(topic + "-more", 1, (short) 1))).all().get();
    configure(group, "share.auto.offset.reset", "earliest");
    configure(group, "share.assignment.interval.ms", "0");
    say("nothing there", attempt(() -> described(group)));
    say("no offsets", attempt(() -> offsets(group)));
    alone();
    pair();
    empty();
    altered();
    gone();
    admin.close();
  }

  private void alone() throws Exception {
    produce(topic, 20);
    try (KafkaShareConsumer<String, String> consumer = consumer(group)) {
      consumer.subscribe(List.of(topic));
      say("reads all", values(read(consumer, 20)));
      consumer.commitSync();
      say("one member", attempt(() -> described(group)));
      say("listed", attempt(() -> listed(admin.listGroups(ListGroupsOptions.forShareGroups()))));
      say("listed while stable", attempt(() -> listed(admin.listGroups(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)).withTypes(Set.of(GroupType.SHARE))))));
      say("not empty: alter", attempt(() -> admin.alterShareGroupOffsets(group, Map.of(new TopicPartition(topic, 0), 0L)).all().get()));
      say("not empty: delete offsets", attempt(() -> admin.deleteShareGroupOffsets(group, Set.of(topic)).all().get()));
      say("not empty: delete", attempt(() -> admin.deleteShareGroups(List.of(group)).all().get()));
    }
  }

  private void pair() throws Exception {
    try (KafkaShareConsumer<String, String> one = consumer(group); KafkaShareConsumer<String, String> two = consumer(group)) {
      one.subscribe(List.of(topic));
      two.subscribe(List.of(topic));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!isSharedOut() && System.nanoTime() < deadline) {
        one.poll(Duration.ofMillis(100));
        two.poll(Duration.ofMillis(100));
      }
      say("two members", attempt(() -> described(group)));
    }
  }

  private boolean isSharedOut() throws Exception {
    Collection<ShareMemberDescription> members = admin.describeShareGroups(List.of(group)).describedGroups().get(group).get().members();
    return members.size() == 2 && members.stream().allMatch(member -> member.assignment().topicPartitions().size() == 1);
  }

  private void empty() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!described(group).contains("members=[]") && System.nanoTime() < deadline) Thread.sleep(100);
    say("empty", attempt(() -> described(group)));
    say("offsets", attempt(() -> offsets(group)));
    say("offsets of one topic", attempt(() -> offsets(group, new ListShareGroupOffsetsSpec().topicPartitions(List.of(new TopicPartition(topic, 1), new TopicPartition(topic + "-no", 0))))));
  }

  private void altered() throws Exception {
    say("alter", attempt(() -> admin.alterShareGroupOffsets(group, Map.of(new TopicPartition(topic, 0), 3L, new TopicPartition(topic, 1), 0L)).all().get()));
    say("altered", attempt(() -> offsets(group)));
    say("alter what is not there", attempt(() -> admin.alterShareGroupOffsets(group, Map.of(new TopicPartition(topic + "-no", 0), 3L)).all().get()));
    say("alter a new group", attempt(() -> admin.alterShareGroupOffsets(group + "-new", Map.of(new TopicPartition(topic, 0), 1L)).all().get()));
    say("a new group", attempt(() -> described(group + "-new")));
    try (KafkaShareConsumer<String, String> consumer = consumer(group)) {
      consumer.subscribe(List.of(topic));
      say("reads from there", read(consumer, 17).size());
      consumer.commitSync();
    }
    say("delete offsets of another topic", attempt(() -> admin.deleteShareGroupOffsets(group, Set.of(topic + "-more")).all().get()));
  }

  private void gone() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!described(group).contains("members=[]") && System.nanoTime() < deadline) Thread.sleep(100);
    say("delete offsets", attempt(() -> admin.deleteShareGroupOffsets(group, Set.of(topic)).all().get()));
    say("deleted offsets", attempt(() -> offsets(group)));
    say("delete groups", attempt(() -> admin.deleteShareGroups(List.of(group, group + "-new")).all().get()));
    say("delete what is not there", attempt(() -> admin.deleteShareGroups(List.of(group)).all().get()));
    say("gone", attempt(() -> described(group)));
    say("none listed", attempt(() -> listed(admin.listGroups(ListGroupsOptions.forShareGroups()))));
  }

  private void say(String step, Object result) {
    Conversation.say("share groups: " + step, result);
  }

  private Object attempt(Callable<Object> action) {
    try {
      return action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      return cause.getClass().getSimpleName() + ": " + String.valueOf(cause.getMessage()).replace(prefix, "PREFIX");
    }
  }

  private void configure(String name, String key, String value) throws Exception {
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, name), List.of(op))).all().get();
  }

  private void produce(String name, int count) throws Exception {
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
      for (int index = 0; index < count; index++) producer.send(new ProducerRecord<>(name, index % 2, "key-" + index, "value " + index));
      producer.flush();
    }
  }

  private KafkaShareConsumer<String, String> consumer(String name) {
    return new KafkaShareConsumer<>(Map.of("bootstrap.servers", servers, "group.id", name), new StringDeserializer(), new StringDeserializer());
  }

  private static List<ConsumerRecord<String, String>> read(KafkaShareConsumer<String, String> consumer, int wanted) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < wanted && System.nanoTime() < deadline) consumer.poll(Duration.ofMillis(200)).forEach(records::add);
    return records;
  }

  private static String values(List<ConsumerRecord<String, String>> records) {
    return records.stream().map(record -> record.partition() + ":" + record.offset() + " " + record.value() + " " + record.deliveryCount().orElse((short) -1)).sorted().collect(Collectors.joining(", "));
  }

  /** Epochs hang on how often a member was heard while it waited: only whether there are any is told. */
  private String described(String name) throws Exception {
    ShareGroupDescription group = admin.describeShareGroups(List.of(name), new DescribeShareGroupsOptions().includeAuthorizedOperations(true)).describedGroups().get(name).get();
    List<String> members = group.members().stream().map(member -> member.clientId().replaceAll("\\d+$", "N") + " " + member.host() + " " + member.consumerId().length() + " " + (member.memberEpoch() > 0) + " "
      + member.assignment().topicPartitions().size()).sorted().toList();
    Set<AclOperation> operations = new TreeSet<>(group.authorizedOperations());
    return group.groupId().replace(prefix, "PREFIX") + " " + group.groupState() + " members=" + members + " may=" + operations + " coordinator=" + group.coordinator().id();
  }

  private String offsets(String name) throws Exception {
    return offsets(name, new ListShareGroupOffsetsSpec());
  }

  private String offsets(String name, ListShareGroupOffsetsSpec spec) throws Exception {
    return new TreeMap<>(admin.listShareGroupOffsets(Map.of(name, spec)).partitionsToOffsetInfo(name).get().entrySet().stream()
      .collect(Collectors.toMap(entry -> entry.getKey().toString().replace(prefix, "PREFIX"), entry -> String.valueOf(entry.getValue())))).toString();
  }

  private String listed(ListGroupsResult result) throws Exception {
    return result.all().get().stream().filter(one -> one.groupId().startsWith(prefix)).map(one -> one.toString().replace(prefix, "PREFIX")).sorted().collect(Collectors.joining(", "));
  }
}
