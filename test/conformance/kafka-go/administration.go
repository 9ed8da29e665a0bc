// Administration by kafka-go's Client.
package main

import (
	"fmt"
	"sort"
	"time"

	"github.com/segmentio/kafka-go"
)

// configured waits until the new value is read back: a broker of Apache Kafka hears of it a moment later.
func configured() {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		found, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic, ConfigNames: []string{"retention.ms"}}}})
		if err != nil || found.Resources[0].ConfigEntries[0].ConfigValue == "7200000000000" {
			return
		}
	}
}

func administration() {
	altered, err := client.IncrementalAlterConfigs(ctx, &kafka.IncrementalAlterConfigsRequest{Resources: []kafka.IncrementalAlterConfigsRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic, Configs: []kafka.IncrementalAlterConfigsRequestConfig{{Name: "retention.ms", Value: "7200000000000", ConfigOperation: kafka.ConfigOperationSet}}}}})
	for _, each := range altered.Resources {
		say("client: alter config", name(each.Error)+name(err))
	}
	configured()
	found, err := client.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}}, IncludeSynonyms: true, IncludeDocumentation: true})
	var lines []string
	for _, resource := range found.Resources {
		for _, each := range resource.ConfigEntries {
			lines = append(lines, fmt.Sprintln(each.ConfigName, each.ConfigValue, each.ReadOnly, each.IsSensitive, each.ConfigSource, each.ConfigType, each.ConfigSynonyms, each.ConfigDocumentation))
		}
	}
	sort.Strings(lines)
	say("client: describe configs", fmt.Sprint(lines, name(err)))
	grown, err := client.CreatePartitions(ctx, &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: 4}}})
	say("client: more partitions", names(grown.Errors)+name(err))
	grown, err = client.CreatePartitions(ctx, &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: topic, Count: 2}}})
	say("client: fewer partitions", names(grown.Errors)+name(err))
	elected, err := client.ElectLeaders(ctx, &kafka.ElectLeadersRequest{Topic: topic, Partitions: []int{0}, Timeout: patience})
	for _, each := range elected.PartitionResults {
		say("client: elect", fmt.Sprint(each.Partition, name(each.Error), name(err)))
	}
	group := prefix + "-by-hand"
	committed, err := client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{GroupID: group, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{topic: {{Partition: 0, Offset: 4, Metadata: "note"}}}})
	for _, each := range committed.Topics[topic] {
		say("client: commit", fmt.Sprint(each.Partition, name(each.Error), name(err)))
	}
	removed, err := client.OffsetDelete(ctx, &kafka.OffsetDeleteRequest{GroupID: group, Topics: map[string][]int{topic: {0, 1}}})
	for _, each := range removed.Topics[topic] {
		say("client: delete offset", fmt.Sprint(each.Partition, name(each.Error), name(removed.Error), name(err)))
	}
	join, err := client.JoinGroup(ctx, &kafka.JoinGroupRequest{GroupID: group + "-join", SessionTimeout: 10_000_000_000, RebalanceTimeout: 10_000_000_000, ProtocolType: "custom", Protocols: []kafka.GroupProtocol{{Name: "p", Metadata: kafka.GroupProtocolSubscription{Topics: []string{topic}}}}})
	if err == nil {
		say("client: join", fmt.Sprint(name(join.Error), join.MemberID != ""))
		join, err = client.JoinGroup(ctx, &kafka.JoinGroupRequest{GroupID: group + "-join", MemberID: join.MemberID, SessionTimeout: 10_000_000_000, RebalanceTimeout: 10_000_000_000, ProtocolType: "custom", Protocols: []kafka.GroupProtocol{{Name: "p", Metadata: kafka.GroupProtocolSubscription{Topics: []string{topic}}}}})
	}
	if err != nil {
		say("client: join", name(err))
	} else {
		say("client: joined", fmt.Sprint(join.GenerationID, join.ProtocolName, len(join.Members), name(join.Error)))
		heartbeat, err := client.Heartbeat(ctx, &kafka.HeartbeatRequest{GroupID: group + "-join", GenerationID: int32(join.GenerationID + 1), MemberID: join.MemberID})
		say("client: heartbeat of another generation", fmt.Sprint(name(heartbeat.Error), name(err)))
		left, err := client.LeaveGroup(ctx, &kafka.LeaveGroupRequest{GroupID: group + "-join", Members: []kafka.LeaveGroupRequestMember{{ID: join.MemberID}}})
		say("client: leave", fmt.Sprint(name(left.Error), name(err)))
	}
	listed, err := client.ListGroups(ctx, &kafka.ListGroupsRequest{})
	lines = nil
	for _, each := range listed.Groups {
		if len(each.GroupID) > len(prefix) && each.GroupID[:len(prefix)] == prefix {
			lines = append(lines, each.GroupID)
		}
	}
	sort.Strings(lines)
	say("client: groups", fmt.Sprint(lines, name(err)))
	fetched, err := client.Fetch(ctx, &kafka.FetchRequest{Topic: topic, Partition: 0, Offset: 99999, MinBytes: 1, MaxBytes: 1000, MaxWait: 1_000_000})
	say("client: fetch beyond the end", fmt.Sprint(name(fetched.Error), fetched.HighWatermark, name(err)))
	acls, err := client.DescribeACLs(ctx, &kafka.DescribeACLsRequest{Filter: kafka.ACLFilter{ResourceTypeFilter: kafka.ResourceTypeAny, ResourcePatternTypeFilter: kafka.PatternTypeAny, Operation: kafka.ACLOperationTypeAny, PermissionType: kafka.ACLPermissionTypeAny}})
	say("client: acls", fmt.Sprint(len(acls.Resources), name(acls.Error), name(err)))
	deleted, err := client.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: []string{topic, topic + "-unknown"}})
	say("client: delete topics", names(deleted.Errors)+name(err))
}
