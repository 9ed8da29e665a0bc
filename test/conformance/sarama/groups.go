// Consumer groups of the classic protocol.
package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"
)

// reader gathers what its claims hand over, and marks it.
type reader struct {
	mutex    sync.Mutex
	lines    []string
	claims   map[int32]bool
	sessions int
	changed  chan struct{}
}

func newReader() *reader {
	return &reader{changed: make(chan struct{}, 100_000)}
}

func (r *reader) Setup(session sarama.ConsumerGroupSession) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.sessions++
	r.claims = map[int32]bool{}
	for _, partitions := range session.Claims() {
		for _, partition := range partitions {
			r.claims[partition] = true
		}
	}
	r.changed <- struct{}{}
	return nil
}

func (r *reader) Cleanup(session sarama.ConsumerGroupSession) error {
	session.Commit()
	return nil
}

func (r *reader) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case got, open := <-claim.Messages():
			if !open {
				return nil
			}
			r.mutex.Lock()
			r.lines = append(r.lines, fmt.Sprintf("%d@%d %s", got.Partition, got.Offset, got.Key))
			r.mutex.Unlock()
			session.MarkMessage(got, "note")
			r.changed <- struct{}{}
		case <-session.Context().Done():
			return nil
		}
	}
}

func (r *reader) count() (int, int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.lines), len(r.claims)
}

func (r *reader) until(done func(lines, claims int) bool) bool {
	late := time.After(patience)
	for !done(r.count()) {
		select {
		case <-r.changed:
		case <-late:
			return false
		}
	}
	return true
}

// member runs in the background until stop is called.
func member(config *sarama.Config, group string, topics ...string) (*reader, func()) {
	made, err := sarama.NewConsumerGroup([]string{servers}, group, config)
	if err != nil {
		panic(err)
	}
	seen := newReader()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			if err := made.Consume(ctx, topics, seen); err != nil {
				say("consume", name(err))
				return
			}
		}
	}()
	return seen, func() {
		cancel()
		<-ended
		made.Close()
	}
}

func groups(version sarama.KafkaVersion, topic string) {
	administrator, err := admin(version)
	if err != nil {
		panic(err)
	}
	defer administrator.Close()
	group := topic + "-group"
	var wanted int
	one := client(settings(version, nil))
	for partition := int32(0); partition < 3; partition++ {
		newest, _ := one.GetOffset(topic, partition, sarama.OffsetNewest)
		wanted += int(newest)
	}
	one.Close()
	seen, stop := member(settings(version, nil), group, topic)
	say("group: all read", seen.until(func(lines, _ int) bool { return lines >= wanted }))
	described, err := administrator.DescribeConsumerGroups([]string{group, group + "-unknown"})
	sort.Slice(described, func(one, other int) bool { return described[one].GroupId < described[other].GroupId })
	for _, each := range described {
		say("group: describe", fmt.Sprint(each.GroupId, " ", each.State, " ", each.ProtocolType, " ", each.Protocol, " ", len(each.Members), " ", each.ErrorCode, " ", name(err)))
	}
	say("group: delete with a member", name(administrator.DeleteConsumerGroup(group)))
	stop()
	sort.Strings(seen.lines)
	say("group: lines", strings.Join(seen.lines, "\n"))
	offsets, err := administrator.ListConsumerGroupOffsets(group, map[string][]int32{topic: {0, 1, 2}})
	var lines []string
	if err == nil {
		for partition, block := range offsets.Blocks[topic] {
			lines = append(lines, fmt.Sprintf("%d:%d %s %d", partition, block.Offset, block.Metadata, block.Err))
		}
	}
	sort.Strings(lines)
	say("group: committed", fmt.Sprint(lines, name(err)))
	listed, err := administrator.ListConsumerGroups()
	say("group: listed", fmt.Sprint(listed[group], name(err)))
	say("group: delete an offset", name(administrator.DeleteConsumerGroupOffset(group, topic, 0)))
	say("group: delete", name(administrator.DeleteConsumerGroup(group)))
	say("group: delete again", name(administrator.DeleteConsumerGroup(group)))
	managed(version, topic)
}

// managed is the offset manager: commits without being a member.
func managed(version sarama.KafkaVersion, topic string) {
	one := client(settings(version, nil))
	defer one.Close()
	manager, err := sarama.NewOffsetManagerFromClient(topic+"-manager", one)
	if err != nil {
		panic(err)
	}
	partition, err := manager.ManagePartition(topic, 0)
	if err != nil {
		say("group: manager", name(err))
		return
	}
	next, _ := partition.NextOffset()
	partition.MarkOffset(7, "by hand")
	manager.Commit()
	partition.AsyncClose()
	manager.Close()
	manager, _ = sarama.NewOffsetManagerFromClient(topic+"-manager", one)
	partition, _ = manager.ManagePartition(topic, 0)
	again, note := partition.NextOffset()
	say("group: manager", fmt.Sprint(next, " ", again, " ", note))
	partition.AsyncClose()
	manager.Close()
}

// rebalances: a second and a static member, with each strategy.
func rebalances(version sarama.KafkaVersion) {
	administrator, err := admin(version)
	if err != nil {
		panic(err)
	}
	defer administrator.Close()
	topic := prefix + "-rebalance"
	say("create", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 4, ReplicationFactor: 1}, false)))
	strategies := []sarama.BalanceStrategy{sarama.NewBalanceStrategyRange(), sarama.NewBalanceStrategyRoundRobin(), sarama.NewBalanceStrategySticky()}
	for _, strategy := range strategies {
		group := topic + "-" + strategy.Name()
		of := func(instance string) *sarama.Config {
			return settings(version, func(config *sarama.Config) {
				config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{strategy}
				config.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
				config.Consumer.Group.InstanceId = instance
			})
		}
		first, stopFirst := member(of(""), group, topic)
		say(strategy.Name()+" alone", first.until(func(_, claims int) bool { return claims == 4 }))
		second, stopSecond := member(of("static-1"), group, topic)
		half := func(_, claims int) bool { return claims == 2 }
		say(strategy.Name()+" pair", fmt.Sprint(first.until(half), second.until(half)))
		described, err := administrator.DescribeConsumerGroups([]string{group})
		say(strategy.Name()+" describe", fmt.Sprint(described[0].State, " ", described[0].Protocol, " ", len(described[0].Members), " ", name(err)))
		stopFirst()
		say(strategy.Name()+" left alone", second.until(func(_, claims int) bool { return claims == 4 }))
		stopSecond()
		left, err := administrator.RemoveMemberFromConsumerGroup(group, []string{"static-1", "static-2"})
		var lines []string
		if err == nil {
			for _, each := range left.Members {
				lines = append(lines, fmt.Sprintf("%s %d", *each.GroupInstanceId, each.Err))
			}
		}
		sort.Strings(lines)
		say(strategy.Name()+" remove static members", fmt.Sprint(lines, name(err)))
		say(strategy.Name()+" delete", name(administrator.DeleteConsumerGroup(group)))
	}
	say("delete topic", name(administrator.DeleteTopic(topic)))
}
