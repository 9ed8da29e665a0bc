// What sarama's ClusterAdmin can ask, once each.
package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

func administration(version sarama.KafkaVersion) {
	administrator, err := admin(version)
	if err != nil {
		panic(err)
	}
	defer administrator.Close()
	topic := prefix + "-admin"
	say("validate only", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, true)))
	say("create", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, false)))
	say("bad name", name(administrator.CreateTopic("bad name!", &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, false)))
	say("more partitions", name(administrator.CreatePartitions(topic, 3, nil, false)))
	say("fewer partitions", name(administrator.CreatePartitions(topic, 2, nil, false)))
	configs(administrator, topic)
	say("reassign", name(administrator.AlterPartitionReassignments(topic, [][]int32{{1}, {1}, {1}})))
	reassigned, err := administrator.ListPartitionReassignments(topic, []int32{0})
	say("reassignments", fmt.Sprint(reassigned, name(err)))
	elected, err := administrator.ElectLeaders(sarama.PreferredElection, map[string][]int32{topic: {0}})
	for _, partition := range elected[topic] {
		say("elect", fmt.Sprint(partition.ErrorCode, name(err)))
	}
	acls, err := administrator.ListAcls(sarama.AclFilter{ResourceType: sarama.AclResourceAny, ResourcePatternTypeFilter: sarama.AclPatternAny, PermissionType: sarama.AclPermissionAny, Operation: sarama.AclOperationAny})
	say("acls", fmt.Sprint(acls, name(err)))
	say("create acl", name(administrator.CreateACL(sarama.Resource{ResourceType: sarama.AclResourceTopic, ResourceName: topic, ResourcePatternType: sarama.AclPatternLiteral}, sarama.Acl{Principal: "User:a", Host: "*", Operation: sarama.AclOperationRead, PermissionType: sarama.AclPermissionAllow})))
	brokers, controller, err := administrator.DescribeCluster()
	say("cluster", fmt.Sprint(len(brokers), controller > 0, name(err)))
	directories, err := administrator.DescribeLogDirs([]int32{brokers[0].ID()})
	for _, directory := range directories[brokers[0].ID()] {
		found := 0
		for _, each := range directory.Topics {
			if each.Topic == topic {
				found = len(each.Partitions)
			}
		}
		say("log dirs", fmt.Sprint(directory.ErrorCode, found, directory.TotalBytes > 0, directory.UsableBytes > 0, name(err)))
	}
	scram(administrator)
	quotas(administrator)
	features, err := administrator.UpdateFeatures([]sarama.FeatureUpdate{{Feature: "no.such.feature", MaxVersionLevel: 1}})
	say("features", fmt.Sprint(features, name(err)))
	listed, err := administrator.ListOffsets(map[string]map[int32]int64{topic: {0: sarama.OffsetNewest, 1: sarama.OffsetOldest, 2: 1700000000000}}, nil)
	var lines []string
	for partition, result := range listed[topic] {
		lines = append(lines, fmt.Sprintf("%d:%d %d %s", partition, result.Offset, result.Timestamp, name(result.Err)))
	}
	sort.Strings(lines)
	say("list offsets", fmt.Sprint(lines, name(err)))
	altered, err := administrator.AlterConsumerGroupOffsets(topic+"-group", map[string]map[int32]sarama.OffsetAndMetadata{topic: {0: {Offset: 3, Metadata: "note"}}}, nil)
	if err == nil {
		say("alter offsets", altered.Errors[topic][0])
	}
	batch, err := administrator.ListConsumerGroupOffsetsBatch(map[string]map[string][]int32{topic + "-group": nil, topic + "-nobody": nil})
	lines = nil
	for group, each := range batch {
		for _, partitions := range each.Blocks {
			for partition, block := range partitions {
				lines = append(lines, fmt.Sprintf("%s %d:%d %s", group, partition, block.Offset, block.Metadata))
			}
		}
		lines = append(lines, fmt.Sprintf("%s %d", group, each.Err))
	}
	sort.Strings(lines)
	say("offsets of groups", fmt.Sprint(lines, name(err)))
	coordinator, err := administrator.Coordinator(topic + "-group")
	say("coordinator", fmt.Sprint(coordinator.ID() == brokers[0].ID(), name(err)))
	say("delete group", name(administrator.DeleteConsumerGroup(topic+"-group")))
	say("delete topic", name(administrator.DeleteTopic(topic)))
}

func configs(administrator sarama.ClusterAdmin, topic string) {
	long, bad := "7200000000000", "soon"
	set := func(value *string, operation sarama.IncrementalAlterConfigsOperation) map[string]sarama.IncrementalAlterConfigsEntry {
		return map[string]sarama.IncrementalAlterConfigsEntry{"retention.ms": {Operation: operation, Value: value}}
	}
	say("alter config", name(administrator.IncrementalAlterConfig(sarama.TopicResource, topic, set(&long, sarama.IncrementalAlterConfigsOperationSet), false)))
	say("alter bad config", name(administrator.IncrementalAlterConfig(sarama.TopicResource, topic, set(&bad, sarama.IncrementalAlterConfigsOperationSet), false)))
	say("configs", described(administrator, topic))
	say("delete config", name(administrator.IncrementalAlterConfig(sarama.TopicResource, topic, set(nil, sarama.IncrementalAlterConfigsOperationDelete), false)))
	say("replace config", name(administrator.AlterConfig(sarama.TopicResource, topic, map[string]*string{"cleanup.policy": &[]string{"compact"}[0]}, false)))
	say("configs replaced", described(administrator, topic))
}

func described(administrator sarama.ClusterAdmin, topic string) string {
	entries, err := administrator.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: topic})
	var lines []string
	for _, entry := range entries {
		lines = append(lines, fmt.Sprint(entry.Name, "=", entry.Value, " ", entry.Source, " ", entry.ReadOnly, entry.Sensitive, len(entry.Synonyms)))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n") + name(err)
}

func scram(administrator sarama.ClusterAdmin) {
	user := prefix + "-user"
	results, err := administrator.UpsertUserScramCredentials([]sarama.AlterUserScramCredentialsUpsert{{Name: user, Mechanism: sarama.SCRAM_MECHANISM_SHA_256, Iterations: 4096, Salt: []byte("salt"), Password: []byte("secret")}})
	for _, each := range results {
		say("scram", fmt.Sprint(each.User, each.ErrorCode, name(err)))
	}
	found, err := administrator.DescribeUserScramCredentials([]string{user, user + "-unknown"})
	var lines []string
	for _, each := range found {
		lines = append(lines, fmt.Sprint(each.User, " ", each.ErrorCode, " ", len(each.CredentialInfos)))
	}
	sort.Strings(lines)
	say("scram users", fmt.Sprint(lines, name(err)))
	results, err = administrator.DeleteUserScramCredentials([]sarama.AlterUserScramCredentialsDelete{{Name: user, Mechanism: sarama.SCRAM_MECHANISM_SHA_256}})
	for _, each := range results {
		say("scram deleted", fmt.Sprint(each.User, each.ErrorCode, name(err)))
	}
}

func quotas(administrator sarama.ClusterAdmin) {
	entity := []sarama.QuotaEntityComponent{{EntityType: sarama.QuotaEntityUser, MatchType: sarama.QuotaMatchExact, Name: prefix + "-user"}}
	say("quota", name(administrator.AlterClientQuotas(entity, sarama.ClientQuotasOp{Key: "producer_byte_rate", Value: 1024}, false)))
	say("bad quota", name(administrator.AlterClientQuotas(entity, sarama.ClientQuotasOp{Key: "no_such_rate", Value: 1024}, false)))
	// A broker of Apache Kafka hears of a quota a moment later.
	var found []sarama.DescribeClientQuotasEntry
	var err error
	for deadline := time.Now().Add(patience); len(found) == 0 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		found, err = administrator.DescribeClientQuotas([]sarama.QuotaFilterComponent{{EntityType: sarama.QuotaEntityUser, MatchType: sarama.QuotaMatchExact, Match: prefix + "-user"}}, true)
	}
	say("quotas", fmt.Sprint(found, name(err)))
	say("quota removed", name(administrator.AlterClientQuotas(entity, sarama.ClientQuotasOp{Key: "producer_byte_rate", Remove: true}, false)))
}
