// Transactions by single requests, as kafka-go offers them.
package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

func produce(id string, text string) (int64, error) {
	answer, err := client.Produce(ctx, &kafka.ProduceRequest{Topic: topic, Partition: 1, RequiredAcks: kafka.RequireAll, TransactionalID: id, Records: kafka.NewRecordReader(kafka.Record{Value: kafka.NewBytes([]byte(text))})})
	if err != nil {
		return 0, err
	}
	return answer.BaseOffset, answer.Error
}

// addPartitions asks again while the transaction before it is being completed: Apache Kafka answers before its markers are
// everywhere.
func addPartitions(id string, session *kafka.ProducerSession) (*kafka.AddPartitionsToTxnResponse, error) {
	deadline := time.Now().Add(patience)
	for {
		added, err := client.AddPartitionsToTxn(ctx, &kafka.AddPartitionsToTxnRequest{TransactionalID: id, ProducerID: session.ProducerID, ProducerEpoch: session.ProducerEpoch, Topics: map[string][]kafka.AddPartitionToTxn{topic: {{Partition: 1}, {Partition: 2}}}})
		if err != nil || !errors.Is(added.Topics[topic][0].Error, kafka.ConcurrentTransactions) || time.Now().After(deadline) {
			return added, err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func transactions() {
	id := prefix + "-transactional"
	group := prefix + "-transactional-group"
	started, err := client.InitProducerID(ctx, &kafka.InitProducerIDRequest{TransactionalID: id, TransactionTimeoutMs: 60_000})
	say("transactions: start", fmt.Sprint(started.Producer.ProducerEpoch, name(started.Error), name(err)))
	session := started.Producer
	tooLong, err := client.InitProducerID(ctx, &kafka.InitProducerIDRequest{TransactionalID: id, TransactionTimeoutMs: 100_000_000})
	say("transactions: timeout too long", fmt.Sprint(name(tooLong.Error), name(err)))
	for round, committed := range []bool{true, false} {
		added, err := addPartitions(id, session)
		for _, each := range added.Topics[topic] {
			say("transactions: add partition", fmt.Sprint(each.Partition, name(each.Error), name(err)))
		}
		offsets, err := client.AddOffsetsToTxn(ctx, &kafka.AddOffsetsToTxnRequest{TransactionalID: id, ProducerID: session.ProducerID, ProducerEpoch: session.ProducerEpoch, GroupID: group})
		say("transactions: add offsets", fmt.Sprint(name(offsets.Error), name(err)))
		pending, err := client.TxnOffsetCommit(ctx, &kafka.TxnOffsetCommitRequest{TransactionalID: id, GroupID: group, ProducerID: session.ProducerID, ProducerEpoch: session.ProducerEpoch, GenerationID: -1, Topics: map[string][]kafka.TxnOffsetCommit{topic: {{Partition: 1, Offset: int64(round + 5), Metadata: "note"}}}})
		for _, each := range pending.Topics[topic] {
			say("transactions: pending offset", fmt.Sprint(each.Partition, name(each.Error), name(err)))
		}
		ended, err := client.EndTxn(ctx, &kafka.EndTxnRequest{TransactionalID: id, ProducerID: session.ProducerID, ProducerEpoch: session.ProducerEpoch, Committed: committed})
		say("transactions: end", fmt.Sprint(name(ended.Error), name(err)))
	}
	ended, err := client.EndTxn(ctx, &kafka.EndTxnRequest{TransactionalID: id, ProducerID: session.ProducerID, ProducerEpoch: session.ProducerEpoch + 7, Committed: true})
	say("transactions: end with another epoch", fmt.Sprint(name(ended.Error), name(err)))
	ended, err = client.EndTxn(ctx, &kafka.EndTxnRequest{TransactionalID: id + "-unknown", ProducerID: session.ProducerID, ProducerEpoch: 0, Committed: true})
	say("transactions: end an unknown one", fmt.Sprint(name(ended.Error), name(err)))
	offset, err := produce("", "outside")
	say("transactions: produce outside", fmt.Sprint(offset > 0, name(err)))
	fetched, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: {1}}})
	say("transactions: committed", fmt.Sprint(fetched.Topics[topic], name(err)))
}
