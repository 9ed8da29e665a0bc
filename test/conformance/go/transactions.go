// Transactions as franz-go makes them (KIP-890: the epoch grows with each): steps of its conversation.
package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func producerOf(id string, options ...kgo.Opt) *kgo.Client {
	return client(append([]kgo.Opt{kgo.TransactionalID(prefix + id), kgo.RecordPartitioner(kgo.ManualPartitioner())}, options...)...)
}

func sendTransactional(producer *kgo.Client, to string, value string) string {
	var lines []string
	for partition := int32(0); partition < 2; partition++ {
		record := &kgo.Record{Topic: to, Partition: partition, Value: []byte(fmt.Sprintf("%s %d", value, partition))}
		result := producer.ProduceSync(ctx, record)[0]
		lines = append(lines, fmt.Sprintf("%d@%d %s", result.Record.Partition, result.Record.Offset, name(result.Err)))
	}
	return strings.Join(lines, ", ")
}

func seen(from string, isolation kgo.IsolationLevel, wanted int) string {
	consumer := client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{from: {0: kgo.NewOffset().AtStart(), 1: kgo.NewOffset().AtStart()}}), kgo.FetchIsolationLevel(isolation))
	defer consumer.Close()
	var lines []string
	deadline := time.Now().Add(30 * time.Second)
	for len(lines) < wanted && time.Now().Before(deadline) {
		for _, record := range consumer.PollFetches(ctx).Records() {
			lines = append(lines, fmt.Sprintf("%d@%d=%s", record.Partition, record.Offset, record.Value))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, ", ")
}

func transactions(admin *kadm.Client) {
	to := prefix + "-transactions"
	group := prefix + "-transactional-group"
	if _, err := admin.CreateTopic(ctx, 2, 1, nil, to); err != nil {
		say("transactions: create", name(err))
	}
	producer := producerOf("-a")
	defer producer.Close()
	for round := 0; round < 4; round++ {
		say("transactions: begin", name(producer.BeginTransaction()))
		say("transactions: sent", sendTransactional(producer, to, fmt.Sprintf("round %d", round)))
		say("transactions: end", name(producer.EndTransaction(ctx, kgo.TransactionEndTry(round%2 == 0))))
	}
	describe(admin, "-a")
	old := producerOf("-b")
	defer old.Close()
	old.BeginTransaction()
	sendTransactional(old, to, "left open")
	young := producerOf("-b")
	defer young.Close()
	young.BeginTransaction()
	say("transactions: the young sends", sendTransactional(young, to, "of the young"))
	say("transactions: the old ends", name(old.EndTransaction(ctx, kgo.TryCommit)))
	say("transactions: the young ends", name(young.EndTransaction(ctx, kgo.TryCommit)))
	session, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(servers), kgo.TransactionalID(prefix+"-c"), kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(to), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	if err != nil {
		panic(err)
	}
	polled := 0
	for polled < 6 {
		polled += session.PollFetches(ctx).NumRecords()
	}
	say("transactions: polled", polled)
	session.Begin()
	session.ProduceSync(ctx, &kgo.Record{Topic: to, Partition: 0, Key: []byte("k"), Value: []byte("transformed")})
	committed, err := session.End(ctx, kgo.TryCommit)
	say("transactions: session", fmt.Sprint(committed, name(err)))
	session.Close()
	fetched, err := admin.FetchOffsets(ctx, group)
	var lines []string
	fetched.Each(func(offset kadm.OffsetResponse) { lines = append(lines, fmt.Sprintf("%d:%d", offset.Partition, offset.At)) })
	sort.Strings(lines)
	say("transactions: offsets", fmt.Sprint(lines, name(err)))
	say("transactions: read committed", seen(to, kgo.ReadCommitted(), 7))
	say("transactions: read uncommitted", seen(to, kgo.ReadUncommitted(), 13))
	admin.DeleteTopics(ctx, to)
}

/** Apache Kafka answers before the markers are everywhere. */
func describe(admin *kadm.Client, id string) {
	for {
		described, err := admin.DescribeTransactions(ctx, prefix+id)
		found := described[prefix+id]
		if err == nil && strings.HasPrefix(found.State, "Prepare") {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		say("transactions: describe", fmt.Sprint(found.State, " epoch ", found.ProducerEpoch, " ", name(err)))
		return
	}
}
