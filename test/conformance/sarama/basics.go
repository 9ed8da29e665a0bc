// Topics, producers and readers of single partitions.
package main

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

func admin(version sarama.KafkaVersion) (sarama.ClusterAdmin, error) {
	return sarama.NewClusterAdmin([]string{servers}, settings(version, nil))
}

// topics is false where the cluster does not speak with so old a client.
func topics(version sarama.KafkaVersion, topic string) bool {
	administrator, err := admin(version)
	say("connect", name(err))
	if err != nil {
		return false
	}
	defer administrator.Close()
	retention := "3600000000000"
	say("create", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 3, ReplicationFactor: 1, ConfigEntries: map[string]*string{"retention.ms": &retention}}, false)))
	say("create again", name(administrator.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 3, ReplicationFactor: 1}, false)))
	say("create two replicas", name(administrator.CreateTopic(topic+"-two", &sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 2}, false)))
	wanted := []string{topic}
	if version.IsAtLeast(sarama.V1_0_0_0) {
		// Before, to ask for a topic is to make it.
		wanted = append(wanted, topic+"-unknown")
	}
	described, err := administrator.DescribeTopics(wanted)
	for deadline := time.Now().Add(patience); err == nil && described[0].Err == sarama.ErrUnknownTopicOrPartition && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
		described, err = administrator.DescribeTopics(wanted)
	}
	var lines []string
	for _, each := range described {
		lines = append(lines, fmt.Sprintf("%s %d %v %d", each.Name, each.Err, each.IsInternal, len(each.Partitions)))
	}
	sort.Strings(lines)
	say("describe", fmt.Sprint(lines, name(err)))
	listed, err := administrator.ListTopics()
	detail := listed[topic]
	say("list", fmt.Sprint(detail.NumPartitions, detail.ReplicationFactor, len(detail.ConfigEntries), name(err)))
	return version.IsAtLeast(sarama.V0_11_0_0)
}

func remove(version sarama.KafkaVersion, topic string) {
	administrator, err := admin(version)
	if err != nil {
		panic(err)
	}
	defer administrator.Close()
	say("delete records", name(administrator.DeleteRecords(topic, map[int32]int64{0: 5})))
	say("delete records beyond the end", name(administrator.DeleteRecords(topic, map[int32]int64{0: 50000})))
	say("delete topic", name(administrator.DeleteTopic(topic)))
	say("delete topic again", name(administrator.DeleteTopic(topic+"-unknown")))
}

func message(topic string, index int, value string) *sarama.ProducerMessage {
	return &sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder(fmt.Sprintf("key-%d", index)), Value: sarama.StringEncoder(fmt.Sprintf("%s é %d", value, index)), Timestamp: time.UnixMilli(1700000000000 + int64(index))}
}

var codecs = []sarama.CompressionCodec{sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy, sarama.CompressionLZ4, sarama.CompressionZSTD}

func producers(version sarama.KafkaVersion, topic string) {
	for _, codec := range codecs {
		producer, err := sarama.NewSyncProducer([]string{servers}, settings(version, func(config *sarama.Config) { config.Producer.Compression = codec }))
		if err != nil {
			say("sync "+codec.String(), name(err))
			continue
		}
		var lines []string
		for index := 0; index < 5; index++ {
			partition, offset, err := producer.SendMessage(message(topic, index, codec.String()))
			lines = append(lines, fmt.Sprintf("%d@%d %s", partition, offset, name(err)))
		}
		say("sync "+codec.String(), strings.Join(lines, ", "))
		producer.Close()
	}
	say("async", async(version, topic, func(config *sarama.Config) {}))
	say("acks 1", async(version, topic, func(config *sarama.Config) { config.Producer.RequiredAcks = sarama.WaitForLocal }))
	written := total(version, topic)
	say("acks 0", async(version, topic, func(config *sarama.Config) { config.Producer.RequiredAcks = sarama.NoResponse }))
	for deadline := time.Now().Add(patience); total(version, topic) < written+20 && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	if version.IsAtLeast(sarama.V0_11_0_0) {
		say("idempotent", async(version, topic, func(config *sarama.Config) {
			config.Producer.Idempotent = true
			config.Producer.RequiredAcks = sarama.WaitForAll
			config.Net.MaxOpenRequests = 1
		}))
	}
	say("too large", async(version, topic, func(config *sarama.Config) {
		config.Producer.MaxMessageBytes = 5_000_000
		config.Producer.Retry.Max = 0
	}, strings.Repeat("x", 2_000_000)))
	say("unknown topic", async(version, "bad name!", func(config *sarama.Config) { config.Metadata.Retry.Max = 0 }, "one"))
}

func total(version sarama.KafkaVersion, topic string) (records int64) {
	one := client(settings(version, nil))
	defer one.Close()
	for partition := int32(0); partition < 3; partition++ {
		newest, _ := one.GetOffset(topic, partition, sarama.OffsetNewest)
		records += newest
	}
	return records
}

// async sends through the asynchronous producer and counts what became of it.
func async(version sarama.KafkaVersion, topic string, change func(*sarama.Config), values ...string) string {
	producer, err := sarama.NewAsyncProducer([]string{servers}, settings(version, change))
	if err != nil {
		return name(err)
	}
	if len(values) == 0 {
		values = strings.Split(strings.Repeat("async ", 20), " ")[:20]
	}
	go func() {
		for index, value := range values {
			producer.Input() <- message(topic, index, value)
		}
	}()
	outcomes := map[string]int{}
	for range values {
		select {
		case sent := <-producer.Successes():
			outcomes[fmt.Sprintf("partition %d", sent.Partition)]++
		case failed := <-producer.Errors():
			outcomes[name(failed.Err)]++
		case <-time.After(patience):
			outcomes["no answer"]++
		}
	}
	producer.Close()
	return fmt.Sprint(outcomes)
}

func show(message *sarama.ConsumerMessage) string {
	return fmt.Sprintf("%d@%d %s=%s %d", message.Partition, message.Offset, message.Key, message.Value, message.Timestamp.UnixMilli())
}

func partitions(version sarama.KafkaVersion, topic string) {
	one := client(settings(version, nil))
	defer one.Close()
	consumer, err := sarama.NewConsumerFromClient(one)
	if err != nil {
		panic(err)
	}
	defer consumer.Close()
	var lines []string
	for partition := int32(0); partition < 3; partition++ {
		oldest, oldestError := one.GetOffset(topic, partition, sarama.OffsetOldest)
		newest, newestError := one.GetOffset(topic, partition, sarama.OffsetNewest)
		after, afterError := one.GetOffset(topic, partition, 1700000000004)
		say(fmt.Sprintf("offsets of %d", partition), fmt.Sprint(oldest, newest, after, name(oldestError), name(newestError), name(afterError)))
		if newest == 0 || newestError != nil {
			continue
		}
		reader, err := consumer.ConsumePartition(topic, partition, sarama.OffsetOldest)
		if err != nil {
			say("consume", name(err))
			continue
		}
		for last := int64(-1); last < newest-1; {
			select {
			case got := <-reader.Messages():
				last = got.Offset
				lines = append(lines, show(got))
			case <-time.After(patience):
				lines = append(lines, "no more")
				last = newest
			}
		}
		reader.Close()
	}
	sort.Strings(lines)
	say("consume", strings.Join(lines, "\n"))
	_, err = consumer.ConsumePartition(topic, 0, 100000)
	say("consume beyond the end", name(err))
	_, err = consumer.ConsumePartition(topic, 9, sarama.OffsetOldest)
	say("consume an unknown partition", name(err))
}
