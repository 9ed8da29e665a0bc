// Every method of the Java client's Admin that a single node can answer, once: what comes back, without what differs from
// run to run. One JSON line per step.

import java.util.*;
import java.util.concurrent.*;
import java.util.regex.Pattern;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.*;
import org.apache.kafka.common.resource.*;

public final class AdminSweep {
  private static final long PATIENCE_MS = 30_000;
  private static final Pattern CHANGING = Pattern.compile("(?<=[iI]d=)[\\w-]{22}(?![\\w-])|\\d{10,}|(?<![\\w-])(?=[\\w-]*\\d)[\\w-]{22}(?![\\w-])|\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+");
  private final Admin admin;
  private final String prefix;
  private final String topic;
  private final TopicPartition partition;

  private AdminSweep(String servers, String prefix) {
    this.admin = Admin.create(Map.of("bootstrap.servers", servers, "default.api.timeout.ms", 20_000, "request.timeout.ms", 15_000));
    this.prefix = prefix;
    this.topic = prefix + "-topic";
    this.partition = new TopicPartition(topic, 0);
  }

  public static void main(String[] arguments) throws Exception {
    AdminSweep sweep = new AdminSweep(arguments[0], arguments[1]);
    sweep.topics();
    sweep.configs();
    sweep.groups();
    sweep.users();
    sweep.access();
    sweep.cluster();
    sweep.transactions();
    sweep.refused();
    sweep.end();
    sweep.admin.close();
  }

  private String clean(Object value) {
    return CHANGING.matcher(String.valueOf(value).replace(prefix, "PREFIX")).replaceAll("CHANGING");
  }

  /** The value, or the name of Kafka's exception and its message. */
  private void step(String name, Callable<Object> action) {
    Object result;
    try {
      result = action.call();
    } catch (Throwable error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      result = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
    Conversation.say(name, clean(result));
  }

  /** A broker of Apache Kafka hears of a change a moment later. */
  private void until(Callable<Boolean> done) throws Exception {
    long deadline = System.currentTimeMillis() + PATIENCE_MS;
    while (!done.call() && System.currentTimeMillis() < deadline) Thread.sleep(50);
  }

  private static <K, V> Object errors(Map<K, KafkaFuture<V>> values) {
    return values.entrySet().stream().map(entry -> {
      try {
        return entry.getKey() + "=" + entry.getValue().get();
      } catch (Exception error) {
        return entry.getKey() + "=" + error.getCause().getClass().getSimpleName() + " " + error.getCause().getMessage();
      }
    }).sorted().toList();
  }

  private void topics() throws Exception {
    step("createTopics", () -> errors(admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1), new NewTopic(prefix + "-placed", Map.of(0, List.of(1))), new NewTopic(prefix + "-defaults", Optional.empty(), Optional.empty()))).values()));
    step("createTopics, placed nowhere", () -> errors(admin.createTopics(List.of(new NewTopic(prefix + "-nowhere", Map.of(0, List.of(7))))).values()));
    step("createTopics, validate only", () -> errors(admin.createTopics(List.of(new NewTopic(prefix + "-not", 3, (short) 1)), new CreateTopicsOptions().validateOnly(true)).values()));
    until(() -> admin.listTopics().names().get().contains(prefix + "-defaults"));
    step("listTopics", () -> admin.listTopics().listings().get().stream().filter(t -> t.name().startsWith(prefix)).map(t -> t.name() + " " + t.isInternal()).sorted().toList());
    step("describeTopics", () -> admin.describeTopics(List.of(topic, prefix + "-placed")).allTopicNames().get().values().stream().map(t -> t.name() + " " + t.partitions().size() + " " + t.authorizedOperations()).sorted().toList());
    step("describeTopics with operations", () -> admin.describeTopics(List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true)).allTopicNames().get().get(topic).authorizedOperations().stream().map(String::valueOf).sorted().toList());
    step("describeTopics by id", () -> {
      Uuid id = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId();
      return admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).allTopicIds().get().get(id).name();
    });
    step("describeTopics by an unknown id", () -> admin.describeTopics(TopicCollection.ofTopicIds(List.of(new Uuid(7, 7)))).allTopicIds().get());
    step("createPartitions", () -> errors(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3), prefix + "-unknown", NewPartitions.increaseTo(3))).values()));
    step("createPartitions, the same", () -> errors(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).values()));
    step("createPartitions, placed", () -> errors(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4, List.of(List.of(9))))).values()));
    step("listOffsets", () -> Stream.of(OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.maxTimestamp(), OffsetSpec.earliestLocal(), OffsetSpec.latestTiered(), OffsetSpec.forTimestamp(1)).map(spec -> {
      try {
        return spec.getClass().getSimpleName() + " " + admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get();
      } catch (Exception error) {
        return spec.getClass().getSimpleName() + " " + error.getCause();
      }
    }).toList());
    step("deleteRecords", () -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(0))).lowWatermarks().get(partition).get().lowWatermark());
    step("deleteRecords to the end", () -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).lowWatermarks().get(partition).get().lowWatermark());
    step("deleteRecords beyond", () -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5))).all().get());
    step("describeProducers", () -> admin.describeProducers(List.of(partition)).all().get());
    step("describeProducers of an unknown topic", () -> admin.describeProducers(List.of(new TopicPartition(prefix + "-unknown", 0)), new DescribeProducersOptions().timeoutMs(1500)).partitionResult(new TopicPartition(prefix + "-unknown", 0)).isDone());
  }

  private AlterConfigOp op(String name, String value, AlterConfigOp.OpType type) {
    return new AlterConfigOp(new ConfigEntry(name, value), type);
  }

  private Object change(ConfigResource resource, AlterConfigOp... ops) {
    return errors(admin.incrementalAlterConfigs(Map.of(resource, List.of(ops))).values());
  }

  private void configs() throws Exception {
    ConfigResource one = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    step("incrementalAlterConfigs set", () -> change(one, op("cleanup.policy", "delete", AlterConfigOp.OpType.SET), op("segment.ms", "60000", AlterConfigOp.OpType.SET)));
    step("incrementalAlterConfigs append", () -> change(one, op("cleanup.policy", "compact", AlterConfigOp.OpType.APPEND)));
    step("incrementalAlterConfigs append to what is no list", () -> change(one, op("segment.ms", "1", AlterConfigOp.OpType.APPEND)));
    step("incrementalAlterConfigs subtract", () -> change(one, op("cleanup.policy", "delete", AlterConfigOp.OpType.SUBTRACT)));
    step("incrementalAlterConfigs delete", () -> change(one, op("segment.ms", null, AlterConfigOp.OpType.DELETE)));
    step("incrementalAlterConfigs twice the same", () -> change(one, op("segment.ms", "1000", AlterConfigOp.OpType.SET), op("segment.ms", "2000", AlterConfigOp.OpType.SET)));
    for (String pair : List.of("min.insync.replicas=0", "retention.ms=-2", "segment.bytes=10", "compression.type=brotli", "message.timestamp.type=Yesterday", "cleanup.policy=keep", "preallocate=perhaps", "unclean.leader.election.enable=2", "min.cleanable.dirty.ratio=2", "message.format.version=3.0", "local.retention.ms=5")) {
      step("incrementalAlterConfigs " + pair, () -> change(one, op(pair.split("=")[0], pair.split("=")[1], AlterConfigOp.OpType.SET)));
    }
    step("incrementalAlterConfigs of an unknown topic", () -> change(new ConfigResource(ConfigResource.Type.TOPIC, prefix + "-unknown"), op("segment.ms", "1000", AlterConfigOp.OpType.SET)));
    until(() -> admin.describeConfigs(List.of(one)).all().get().get(one).get("cleanup.policy").value().equals("compact"));
    step("describeConfigs of a topic", () -> admin.describeConfigs(List.of(one), new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true)).all().get().get(one).entries().stream().map(e -> e.name() + " " + e.value() + " " + e.source() + " " + e.type() + " " + e.synonyms().size() + " " + e.documentation().isEmpty()).sorted().collect(Collectors.joining("\n")));
    step("describeConfigs of an unknown topic", () -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, prefix + "-unknown"))).all().get());
    step("describeConfigs of an unknown broker", () -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER, "77")), new DescribeConfigsOptions().timeoutMs(2000)).values().size());
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, prefix + "-group");
    step("incrementalAlterConfigs of a group", () -> change(group, op("consumer.session.timeout.ms", "50000", AlterConfigOp.OpType.SET)));
    step("incrementalAlterConfigs of a group, too small", () -> change(group, op("consumer.session.timeout.ms", "5", AlterConfigOp.OpType.SET)));
    ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, prefix + "-metrics");
    step("incrementalAlterConfigs of client metrics", () -> change(metrics, op("interval.ms", "60000", AlterConfigOp.OpType.SET), op("metrics", "org.apache.kafka.", AlterConfigOp.OpType.SET)));
    step("incrementalAlterConfigs of client metrics, bad match", () -> change(metrics, op("match", "nothing", AlterConfigOp.OpType.SET)));
    until(() -> admin.listConfigResources(Set.of(ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions()).all().get().contains(metrics));
    step("describeConfigs of client metrics", () -> admin.describeConfigs(List.of(metrics)).all().get().get(metrics).entries().stream().map(e -> e.name() + " " + e.value() + " " + e.source()).sorted().toList());
    step("listConfigResources", () -> admin.listConfigResources(Set.of(ConfigResource.Type.TOPIC, ConfigResource.Type.GROUP, ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions()).all().get().stream().filter(r -> r.name().startsWith(prefix)).map(String::valueOf).sorted().toList());
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    step("incrementalAlterConfigs of the broker", () -> change(broker, op("log.cleaner.threads", "2", AlterConfigOp.OpType.SET)));
    step("incrementalAlterConfigs of the broker, read-only", () -> change(broker, op("process.roles", "broker", AlterConfigOp.OpType.SET)));
    step("incrementalAlterConfigs of the broker, delete", () -> change(broker, op("log.cleaner.threads", null, AlterConfigOp.OpType.DELETE)));
    ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");
    step("incrementalAlterConfigs of loggers, unknown level", () -> change(loggers, op("org.apache.kafka", "LOUD", AlterConfigOp.OpType.SET)));
  }

  private void groups() {
    String group = prefix + "-group";
    step("alterConsumerGroupOffsets", () -> errors(Map.of(partition, admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(0, "note"))).partitionResult(partition))));
    step("alterConsumerGroupOffsets of an unknown topic", () -> errors(Map.of(partition, admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(prefix + "-unknown", 0), new OffsetAndMetadata(0))).partitionResult(new TopicPartition(prefix + "-unknown", 0)))));
    step("listConsumerGroupOffsets", () -> admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec(), prefix + "-nobody", new ListConsumerGroupOffsetsSpec())).all().get().entrySet().stream().map(String::valueOf).sorted().toList());
    step("describeConsumerGroups", () -> admin.describeConsumerGroups(List.of(group)).all().get());
    step("describeConsumerGroups of an unknown one", () -> admin.describeConsumerGroups(List.of(prefix + "-nobody")).all().get());
    step("describeClassicGroups", () -> admin.describeClassicGroups(List.of(group)).all().get());
    step("listGroups", () -> admin.listGroups().all().get().stream().filter(g -> g.groupId().startsWith(prefix)).map(String::valueOf).sorted().toList());
    step("listGroups by state", () -> admin.listGroups(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))).all().get().stream().filter(g -> g.groupId().startsWith(prefix)).count());
    step("listGroups by type", () -> admin.listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))).all().get().stream().filter(g -> g.groupId().startsWith(prefix)).count());
    step("deleteConsumerGroupOffsets", () -> admin.deleteConsumerGroupOffsets(group, Set.of(partition)).partitionResult(partition).get());
    step("deleteConsumerGroupOffsets again", () -> admin.deleteConsumerGroupOffsets(group, Set.of(partition)).partitionResult(partition).get());
    step("deleteConsumerGroupOffsets of an unknown group", () -> admin.deleteConsumerGroupOffsets(prefix + "-nobody", Set.of(partition)).partitionResult(partition).get());
    step("removeMembersFromConsumerGroup", () -> admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions()).all().get());
    step("removeMembersFromConsumerGroup, a static one", () -> admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("static-1")))).all().get());
    step("deleteConsumerGroups", () -> errors(admin.deleteConsumerGroups(List.of(group, prefix + "-nobody")).deletedGroups()));
  }

  private void users() throws Exception {
    String user = prefix + "-user";
    ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8192);
    step("alterUserScramCredentials", () -> errors(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, "secret"))).values()));
    step("alterUserScramCredentials, too few iterations", () -> errors(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 10), "secret"))).values()));
    step("alterUserScramCredentials, delete what is not", () -> errors(admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_256))).values()));
    until(() -> admin.describeUserScramCredentials().users().get().contains(user));
    step("describeUserScramCredentials", () -> admin.describeUserScramCredentials(List.of(user)).all().get());
    step("describeUserScramCredentials of an unknown one", () -> admin.describeUserScramCredentials(List.of(user + "-unknown")).all().get());
    step("alterUserScramCredentials, delete", () -> errors(admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512))).values()));
    ClientQuotaEntity entity = new ClientQuotaEntity(Map.of("client-id", prefix + "-client"));
    for (String pair : List.of("producer_byte_rate=1024.5", "request_percentage=50", "controller_mutation_rate=3", "producer_byte_rate=-1", "no_such=1")) {
      step("alterClientQuotas " + pair, () -> errors(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(pair.split("=")[0], Double.valueOf(pair.split("=")[1])))))).values()));
    }
    ClientQuotaFilter filter = ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity("client-id", prefix + "-client")));
    until(() -> admin.describeClientQuotas(filter).entities().get().values().stream().anyMatch(each -> each.containsKey("controller_mutation_rate")));
    step("describeClientQuotas", () -> new TreeMap<>(admin.describeClientQuotas(filter).entities().get().get(entity)));
    step("alterClientQuotas of a bad entity", () -> errors(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(Map.of("planet", "x")), List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1.0))))).values()));
  }

  private void access() {
    AclBinding binding = new AclBinding(new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW));
    step("createAcls", () -> admin.createAcls(List.of(binding)).all().get());
    step("describeAcls", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
    step("deleteAcls", () -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get());
    step("createDelegationToken", () -> admin.createDelegationToken().delegationToken().get());
    step("describeDelegationToken", () -> admin.describeDelegationToken().delegationTokens().get());
    step("renewDelegationToken", () -> admin.renewDelegationToken(new byte[] {1}).expiryTimestamp().get());
    step("expireDelegationToken", () -> admin.expireDelegationToken(new byte[] {1}).expiryTimestamp().get());
  }

  private void cluster() {
    step("describeCluster", () -> {
      DescribeClusterResult result = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true).includeFencedBrokers(true));
      return result.nodes().get().size() + " " + result.controller().get().id() + " " + result.clusterId().get().length() + " " + result.authorizedOperations().get().stream().map(String::valueOf).sorted().toList();
    });
    step("describeLogDirs", () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream().map(d -> d.error() + " " + d.isCordoned() + " " + (d.totalBytes().getAsLong() > 0) + " " + d.replicaInfos().entrySet().stream().filter(e -> e.getKey().topic().startsWith(prefix)).map(String::valueOf).sorted().toList()).toList());
    step("describeReplicaLogDirs", () -> admin.describeReplicaLogDirs(List.of(new TopicPartitionReplica(topic, 0, 1))).all().get().values().stream().map(r -> (r.getCurrentReplicaLogDir() != null) + " " + r.getCurrentReplicaOffsetLag() + " " + r.getFutureReplicaLogDir()).toList());
    step("alterReplicaLogDirs", () -> admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica(topic, 0, 1), "/no/such/directory")).all().get());
    step("alterPartitionReassignments", () -> errors(admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(1))))).values()));
    step("alterPartitionReassignments to another broker", () -> errors(admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(9))))).values()));
    step("alterPartitionReassignments, cancel", () -> errors(admin.alterPartitionReassignments(Map.of(partition, Optional.empty())).values()));
    step("listPartitionReassignments", () -> admin.listPartitionReassignments().reassignments().get());
    step("electLeaders", () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions().get());
    step("electLeaders unclean", () -> admin.electLeaders(ElectionType.UNCLEAN, Set.of(partition, new TopicPartition(prefix + "-unknown", 0))).partitions().get().entrySet().stream().map(String::valueOf).sorted().toList());
    step("describeFeatures", () -> admin.describeFeatures().featureMetadata().get().finalizedFeatures().entrySet().stream().filter(e -> Set.of("metadata.version", "transaction.version", "group.version", "kraft.version").contains(e.getKey())).map(String::valueOf).sorted().toList());
    step("updateFeatures", () -> errors(admin.updateFeatures(Map.of("no.such.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE)), new UpdateFeaturesOptions().validateOnly(true)).values()));
    step("describeMetadataQuorum", () -> {
      QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
      return quorum.leaderId() + " " + quorum.voters().size() + " " + quorum.observers().size() + " " + quorum.nodes().size() + " " + (quorum.highWatermark() > 0);
    });
    step("unregisterBroker", () -> admin.unregisterBroker(9).all().get());
    step("removeRaftVoter", () -> admin.removeRaftVoter(9, new Uuid(7, 7)).all().get());
  }

  private void transactions() {
    step("listTransactions", () -> admin.listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(987654L))).all().get());
    step("listTransactions by state", () -> admin.listTransactions(new ListTransactionsOptions().filterStates(Set.of(TransactionState.PREPARE_EPOCH_FENCE))).all().get().size());
    step("listTransactions by pattern", () -> admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern(prefix + "-.*")).all().get().size());
    step("listTransactions by a bad pattern", () -> admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("[")).all().get().size());
    step("describeTransactions", () -> admin.describeTransactions(List.of(prefix + "-nobody")).all().get());
    step("fenceProducers", () -> admin.fenceProducers(List.of(prefix + "-fenced")).epochId(prefix + "-fenced").get());
    step("describeTransactions of the fenced", () -> admin.describeTransactions(List.of(prefix + "-fenced")).description(prefix + "-fenced").get().state());
    step("forceTerminateTransaction", () -> admin.forceTerminateTransaction(prefix + "-fenced").result().get());
    step("abortTransaction", () -> admin.abortTransaction(new AbortTransactionSpec(partition, 987654L, (short) 0, 0)).all().get());
    step("clientInstanceId", () -> admin.clientInstanceId(java.time.Duration.ofSeconds(2)));
  }

  /** What needs names that Kafka never allows. */
  private void refused() {
    for (String name : List.of("", ".", "..", "a b", "x".repeat(250), "__cluster_metadata", "a/b", "ä")) {
      step("createTopics (" + (name.length() > 40 ? name.length() + " letters" : name) + ")", () -> errors(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).values()));
    }
    step("createTopics, twice", () -> errors(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1), new NewTopic(prefix + ".topic", 1, (short) 1), new NewTopic(prefix + "_topic", 1, (short) 1))).values()).toString().replaceAll("collides.*", "collides"));
    step("deleteTopics of internal ones", () -> errors(admin.deleteTopics(List.of("__cluster_metadata")).topicNameValues()));
  }

  private void end() throws Exception {
    step("deleteTopics by id", () -> {
      Uuid id = admin.describeTopics(List.of(prefix + "-placed")).allTopicNames().get().get(prefix + "-placed").topicId();
      return admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all().get();
    });
    step("deleteTopics", () -> errors(admin.deleteTopics(List.of(topic, prefix + "-unknown")).topicNameValues()));
    step("deleteTopics by an unknown id", () -> admin.deleteTopics(TopicCollection.ofTopicIds(List.of(new Uuid(7, 7)))).all().get());
  }
}
