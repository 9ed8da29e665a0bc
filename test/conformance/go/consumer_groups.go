// Groups of the consumer protocol (KIP-848) with franz-go: the broker assigns, not a member.
package main

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func consumerGroups(admin *kadm.Client) {
	orders, group := prefix+"-848-orders", prefix+"-848"
	_, err := admin.CreateTopic(ctx, 4, 1, nil, orders)
	say("consumer protocol: topic", name(err))
	producer := client(kgo.DefaultProduceTopic(orders))
	for index := 0; index < 40; index++ {
		producer.ProduceSync(ctx, kgo.KeyStringRecord(fmt.Sprintf("key-%d", index), fmt.Sprintf("value %d", index)))
	}
	producer.Close()

	member := func(options ...kgo.Opt) *kgo.Client {
		return client(append([]kgo.Opt{kgo.ConsumerGroup(group), kgo.ServerSideBalancer(), kgo.ConsumeTopics(orders), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit()}, options...)...)
	}
	described := func() string {
		groups, err := admin.DescribeConsumerGroups(ctx, group)
		one := groups[group]
		owned := make(map[string]int)
		for _, each := range one.Members {
			instance := ""
			if each.InstanceID != nil {
				instance = *each.InstanceID
			}
			owned[instance] = len(each.Assignment[orders])
		}
		return fmt.Sprint(one.State, " ", one.Epoch, " ", one.AssignmentEpoch, " ", one.AssignorName, " ", owned, " ", name(err))
	}
	until := func(wanted string) string {
		deadline := time.Now().Add(40 * time.Second)
		for described() != wanted && time.Now().Before(deadline) {
			time.Sleep(200 * time.Millisecond)
		}
		return described()
	}

	first := member()
	var count int
	for deadline := time.Now().Add(30 * time.Second); count < 40 && time.Now().Before(deadline); {
		count += len(first.PollFetches(ctx).Records())
	}
	say("consumer protocol: alone", count)
	say("consumer protocol: commit", name(first.CommitUncommittedOffsets(ctx)))
	say("consumer protocol: describe", until("Stable 2 2 uniform map[:4] <nil>"))
	second := member(kgo.InstanceID("static-1"))
	go func() {
		for !second.PollFetches(ctx).IsClientClosed() {
		}
	}()
	go func() {
		for !first.PollFetches(ctx).IsClientClosed() {
		}
	}()
	say("consumer protocol: pair", until("Stable 3 3 uniform map[:2 static-1:2] <nil>"))
	first.LeaveGroup()
	say("consumer protocol: left alone", until("Stable 4 4 uniform map[static-1:4] <nil>"))
	first.Close()
	second.Close()
	_, err = admin.DeleteTopics(ctx, orders)
	say("consumer protocol: delete topic", name(err))
}
