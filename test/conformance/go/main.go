// The conversation of franz-go: one JSON line per step, nothing in it that differs from run to run.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

var (
	servers = os.Args[1]
	prefix  = os.Args[2]
	topic   = prefix + "-orders"
	ctx     = context.Background()
)

func say(step string, result any) {
	line, _ := json.Marshal(map[string]string{"step": step, "result": strings.ReplaceAll(fmt.Sprint(result), prefix, "PREFIX")})
	fmt.Println(string(line))
}

func name(err error) string {
	var known *kerr.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return fmt.Sprint(err)
}

func client(options ...kgo.Opt) *kgo.Client {
	made, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(servers)}, options...)...)
	if err != nil {
		panic(err)
	}
	return made
}

func produce(codec kgo.CompressionCodec, count int, options ...kgo.Opt) string {
	producer := client(append([]kgo.Opt{kgo.ProducerBatchCompression(codec), kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil))}, options...)...)
	defer producer.Close()
	records := make([]*kgo.Record, count)
	for index := range records {
		records[index] = &kgo.Record{Topic: topic, Key: []byte(fmt.Sprintf("key-%d", index)), Value: []byte(fmt.Sprintf("value é %d", index)),
			Timestamp: time.UnixMilli(1700000000000 + int64(index)), Headers: []kgo.RecordHeader{{Key: "n", Value: []byte(fmt.Sprint(index))}, {Key: "n"}}}
	}
	var lines []string
	for _, result := range producer.ProduceSync(ctx, records...) {
		if result.Err != nil {
			lines = append(lines, name(result.Err))
			continue
		}
		lines = append(lines, fmt.Sprintf("%d@%d", result.Record.Partition, result.Record.Offset))
	}
	sort.Strings(lines)
	return strings.Join(lines, " ")
}

func read(wanted int, options ...kgo.Opt) []*kgo.Record {
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	consumer := client(append([]kgo.Opt{kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit()}, options...)...)
	defer consumer.Close()
	var records []*kgo.Record
	for len(records) < wanted && limited.Err() == nil {
		records = append(records, consumer.PollFetches(limited).Records()...)
	}
	if err := consumer.CommitUncommittedOffsets(ctx); err != nil {
		say("commit", name(err))
	}
	consumer.LeaveGroup()
	return records
}

func show(records []*kgo.Record) string {
	var lines []string
	for _, record := range records {
		lines = append(lines, fmt.Sprintf("%d@%d %s=%s %d %v %v", record.Partition, record.Offset, record.Key, record.Value, record.Timestamp.UnixMilli(), record.Headers, record.Attrs.CompressionType()))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func topics(admin *kadm.Client) {
	retention := "3600000000000"
	created, err := admin.CreateTopic(ctx, 3, 1, map[string]*string{"retention.ms": &retention}, topic)
	say("create", fmt.Sprint(created.NumPartitions, created.ReplicationFactor, name(err)))
	_, err = admin.CreateTopic(ctx, 3, 1, nil, topic)
	say("create again", name(err))
	_, err = admin.CreateTopic(ctx, 1, 1, nil, "bad name!")
	say("create bad name", name(err))
	listed, err := admin.ListTopics(ctx, topic)
	detail := listed[topic]
	say("metadata", fmt.Sprint(len(detail.Partitions), detail.IsInternal, detail.Partitions[0].Leader, detail.Partitions[0].Replicas, name(err)))
}

func offsets(admin *kadm.Client) {
	ends, err := admin.ListEndOffsets(ctx, topic)
	var lines []string
	ends.Each(func(offset kadm.ListedOffset) { lines = append(lines, fmt.Sprintf("%d:%d", offset.Partition, offset.Offset)) })
	sort.Strings(lines)
	say("end offsets", fmt.Sprint(lines, name(err)))
	after, err := admin.ListOffsetsAfterMilli(ctx, 1700000000015, topic)
	lines = nil
	after.Each(func(offset kadm.ListedOffset) { lines = append(lines, fmt.Sprintf("%d:%d", offset.Partition, offset.Offset)) })
	sort.Strings(lines)
	say("offsets after", fmt.Sprint(lines, name(err)))
	deleted, err := admin.DeleteRecords(ctx, kadm.Offsets{topic: {0: {Topic: topic, Partition: 0, At: 5}}})
	deletion, _ := deleted.Lookup(topic, 0)
	say("delete records", fmt.Sprint(deletion.LowWatermark, name(deletion.Err), name(err)))
}

func groups(admin *kadm.Client) {
	group := prefix + "-g"
	fetched, err := admin.FetchOffsets(ctx, group)
	var lines []string
	fetched.Each(func(offset kadm.OffsetResponse) { lines = append(lines, fmt.Sprintf("%d:%d", offset.Partition, offset.At)) })
	sort.Strings(lines)
	say("committed", fmt.Sprint(lines, name(err)))
	described, err := admin.DescribeGroups(ctx, group)
	say("describe group", fmt.Sprint(described[group].State, described[group].ProtocolType, len(described[group].Members), name(err)))
	lag, err := admin.Lag(ctx, group)
	say("lag", fmt.Sprint(lag[group].Lag.Total(), name(err)))
	deleted, err := admin.DeleteGroups(ctx, group)
	say("delete group with a static member", fmt.Sprint(name(deleted[group].Err), name(err)))
	group = prefix + "-h"
	say("another group", len(read(163, kgo.ConsumerGroup(group))))
	deleted, err = admin.DeleteGroups(ctx, group)
	say("delete group", fmt.Sprint(name(deleted[group].Err), name(err)))
	deleted, err = admin.DeleteGroups(ctx, group)
	say("delete group again", fmt.Sprint(name(deleted[group].Err), name(err)))
}

func main() {
	if os.Args[1] == "logins" {
		logins(os.Args[2])
		return
	}
	admin := kadm.NewClient(client())
	defer admin.Close()
	topics(admin)
	for _, codec := range []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()} {
		say("produce", produce(codec, 30))
	}
	say("produce without idempotence", produce(kgo.NoCompression(), 10, kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.LeaderAck())))
	say("consume", show(read(160, kgo.ConsumerGroup(prefix+"-g"))))
	say("produce more", produce(kgo.NoCompression(), 3))
	say("resume", show(read(3, kgo.ConsumerGroup(prefix+"-g"), kgo.Balancers(kgo.CooperativeStickyBalancer()), kgo.InstanceID("static-1"))))
	groups(admin)
	offsets(admin)
	transactions(admin)
	consumerGroups(admin)
	deleted, err := admin.DeleteTopics(ctx, topic)
	say("delete topic", fmt.Sprint(name(deleted[topic].Err), name(err)))
	deleted, err = admin.DeleteTopics(ctx, topic)
	say("delete topic again", fmt.Sprint(name(deleted[topic].Err), name(err)))
}
