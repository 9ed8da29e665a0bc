// Transactions as sarama makes them: partitions and offsets are added explicitly.
package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

func transactional(version sarama.KafkaVersion, id string) (sarama.AsyncProducer, error) {
	return sarama.NewAsyncProducer([]string{servers}, settings(version, func(config *sarama.Config) {
		config.Producer.Idempotent = true
		config.Producer.RequiredAcks = sarama.WaitForAll
		config.Producer.Partitioner = sarama.NewManualPartitioner
		config.Producer.Transaction.ID = id
		config.Net.MaxOpenRequests = 1
	}))
}

func sendBoth(producer sarama.AsyncProducer, topic, value string) string {
	var lines []string
	for partition := int32(0); partition < 2; partition++ {
		producer.Input() <- &sarama.ProducerMessage{Topic: topic, Partition: partition, Value: sarama.StringEncoder(value)}
		select {
		case sent := <-producer.Successes():
			lines = append(lines, fmt.Sprintf("%d@%d", sent.Partition, sent.Offset))
		case failed := <-producer.Errors():
			lines = append(lines, name(failed.Err))
		case <-time.After(patience):
			lines = append(lines, "no answer")
		}
	}
	return strings.Join(lines, ", ")
}

func readAll(version sarama.KafkaVersion, topic string, isolation sarama.IsolationLevel, wanted int) string {
	consumer, err := sarama.NewConsumer([]string{servers}, settings(version, func(config *sarama.Config) { config.Consumer.IsolationLevel = isolation }))
	if err != nil {
		return name(err)
	}
	defer consumer.Close()
	var lines []string
	messages := make(chan *sarama.ConsumerMessage)
	done := make(chan struct{})
	defer close(done)
	for partition := int32(0); partition < 2; partition++ {
		reading, err := consumer.ConsumePartition(topic, partition, sarama.OffsetOldest)
		if err != nil {
			return name(err)
		}
		defer reading.Close()
		go func() {
			for each := range reading.Messages() {
				select {
				case messages <- each:
				case <-done:
					return
				}
			}
		}()
	}
	late := time.After(patience)
	for len(lines) < wanted {
		select {
		case got := <-messages:
			lines = append(lines, fmt.Sprintf("%d@%d=%s", got.Partition, got.Offset, got.Value))
		case <-late:
			lines = append(lines, "no more")
			wanted = 0
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, ", ")
}

func transactions(version sarama.KafkaVersion, topic string) {
	administrator, err := admin(version)
	if err != nil {
		panic(err)
	}
	defer administrator.Close()
	say("transactions: create", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, false)))
	producer, err := transactional(version, topic+"-a")
	if err != nil {
		say("transactions: producer", name(err))
		return
	}
	for round := 0; round < 3; round++ {
		say("transactions: begin", name(producer.BeginTxn()))
		say("transactions: sent", sendBoth(producer, topic, fmt.Sprintf("round %d", round)))
		if round == 1 {
			say("transactions: abort", name(producer.AbortTxn()))
			continue
		}
		offsets := map[string][]*sarama.PartitionOffsetMetadata{topic: {{Partition: 0, Offset: int64(round + 1)}}}
		say("transactions: offsets", name(producer.AddOffsetsToTxn(offsets, topic+"-group")))
		say("transactions: commit", name(producer.CommitTxn()))
	}
	young, err := transactional(version, topic+"-a")
	say("transactions: young producer", name(err))
	say("transactions: the old begins", name(producer.BeginTxn()))
	say("transactions: the old sends", sendBoth(producer, topic, "of the old"))
	producer.Close()
	say("transactions: the young begins", name(young.BeginTxn()))
	say("transactions: the young sends", sendBoth(young, topic, "of the young"))
	say("transactions: the young commits", name(young.CommitTxn()))
	young.Close()
	say("transactions: read committed", readAll(version, topic, sarama.ReadCommitted, 6))
	say("transactions: read uncommitted", readAll(version, topic, sarama.ReadUncommitted, 8))
	committed, err := administrator.ListConsumerGroupOffsets(topic+"-group", map[string][]int32{topic: {0}})
	if err == nil {
		say("transactions: committed", committed.GetBlock(topic, 0).Offset)
	}
	say("transactions: delete topic", name(administrator.DeleteTopic(topic)))
}
