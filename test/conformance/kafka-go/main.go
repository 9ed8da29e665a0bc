// The conversation of segmentio/kafka-go, whose Conn, Reader and Writer send the oldest versions that Apache Kafka 4 still
// serves: one JSON line per step, nothing in it that differs from run to run.
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

	"github.com/segmentio/kafka-go"
)

const patience = 40 * time.Second

var (
	servers = os.Args[1]
	prefix  = os.Args[2]
	topic   = prefix + "-orders"
	ctx     = context.Background()
	broker  = kafka.TCP(servers)
	client  = &kafka.Client{Addr: broker, Timeout: patience}
)

func say(step string, result any) {
	line, _ := json.Marshal(map[string]string{"step": step, "result": strings.ReplaceAll(fmt.Sprint(result), prefix, "PREFIX")})
	fmt.Println(string(line))
}

func name(err error) string {
	var known kafka.Error
	if errors.As(err, &known) {
		return fmt.Sprintf("error %d", int(known))
	}
	return fmt.Sprint(err)
}

func names(errs map[string]error) string {
	var lines []string
	for key, err := range errs {
		lines = append(lines, key+" "+name(err))
	}
	sort.Strings(lines)
	return strings.Join(lines, ", ")
}

func dial(partition int) *kafka.Conn {
	conn, err := kafka.DialLeader(ctx, "tcp", servers, topic, partition)
	if err != nil {
		panic(err)
	}
	conn.SetDeadline(time.Now().Add(patience))
	return conn
}

func topics() {
	conn, err := kafka.Dial("tcp", servers)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	say("create", name(conn.CreateTopics(kafka.TopicConfig{Topic: topic, NumPartitions: 3, ReplicationFactor: 1, ConfigEntries: []kafka.ConfigEntry{{ConfigName: "retention.ms", ConfigValue: "3600000000000"}}})))
	say("create again", name(conn.CreateTopics(kafka.TopicConfig{Topic: topic, NumPartitions: 3, ReplicationFactor: 1})))
	say("create bad name", name(conn.CreateTopics(kafka.TopicConfig{Topic: "bad name!", NumPartitions: 3, ReplicationFactor: 1})))
	say("create two replicas", name(conn.CreateTopics(kafka.TopicConfig{Topic: topic + "-two", NumPartitions: 3, ReplicationFactor: 2})))
	var partitions []kafka.Partition
	for deadline := time.Now().Add(patience); len(partitions) < 3 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		partitions, err = conn.ReadPartitions(topic)
	}
	for _, each := range partitions {
		say("partition", fmt.Sprint(each.ID, each.Leader.ID, len(each.Replicas), len(each.Isr), name(err)))
	}
	brokers, err := conn.Brokers()
	controller, controllerError := conn.Controller()
	say("brokers", fmt.Sprint(len(brokers), controller.ID > 0, name(err), name(controllerError)))
	versions, err := conn.ApiVersions()
	var lines []string
	for _, each := range versions {
		lines = append(lines, fmt.Sprintf("%d:%d-%d", each.ApiKey, each.MinVersion, each.MaxVersion))
	}
	sort.Strings(lines)
	// Share and streams groups are behind features, and what is served of them is the matter of other tests.
	known := lines[:0]
	for _, line := range lines {
		if !strings.HasPrefix(line, "7") && !strings.HasPrefix(line, "8") && !strings.HasPrefix(line, "9") {
			known = append(known, line)
		}
	}
	say("versions", fmt.Sprint(known, name(err)))
}

var codecs = []kafka.Compression{0, kafka.Gzip, kafka.Snappy, kafka.Lz4, kafka.Zstd}

func messages(value string, count int) []kafka.Message {
	made := make([]kafka.Message, count)
	for index := range made {
		made[index] = kafka.Message{Key: []byte(fmt.Sprintf("key-%d", index)), Value: []byte(fmt.Sprintf("%s é %d", value, index)), Time: time.UnixMilli(1700000000000 + int64(index)), Headers: []kafka.Header{{Key: "n", Value: []byte(fmt.Sprint(index))}}}
	}
	return made
}

func connections() {
	conn := dial(0)
	defer conn.Close()
	for _, codec := range codecs {
		var err error
		var offset int64
		if codec == 0 {
			_, err = conn.WriteMessages(messages("plain", 5)...)
		} else {
			_, _, offset, _, err = conn.WriteCompressedMessagesAt(codec.Codec(), messages(codec.String(), 5)...)
		}
		say("conn: write "+codec.String(), fmt.Sprint(offset, " ", name(err)))
	}
	first, last, err := conn.ReadOffsets()
	say("conn: offsets", fmt.Sprint(first, last, name(err)))
	at, err := conn.ReadOffset(time.UnixMilli(1700000000003))
	say("conn: offset by time", fmt.Sprint(at, name(err)))
	for _, from := range []int64{0, 7, 24} {
		conn.Seek(from, kafka.SeekAbsolute)
		batch := conn.ReadBatch(1, 1_000_000)
		message, err := batch.ReadMessage()
		say("conn: read", fmt.Sprint(message.Offset, " ", string(message.Key), " ", string(message.Value), " ", message.Time.UnixMilli(), " ", message.Headers, " ", batch.HighWaterMark(), " ", name(err)))
		batch.Close()
	}
	_, err = conn.Seek(1000, kafka.SeekAbsolute)
	say("conn: seek beyond the end", name(err))
	conn.Seek(25, kafka.SeekAbsolute|kafka.SeekDontCheck)
	conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	_, err = conn.ReadMessage(1000)
	say("conn: nothing to read", err != nil)
}

func writers() {
	for _, codec := range codecs {
		writer := &kafka.Writer{Addr: broker, Topic: topic, Balancer: kafka.Murmur2Balancer{}, Compression: codec, BatchTimeout: 10 * time.Millisecond, RequiredAcks: kafka.RequireAll}
		say("writer "+codec.String(), name(writer.WriteMessages(ctx, messages("writer "+codec.String(), 12)...)))
		writer.Close()
	}
	for _, acks := range []kafka.RequiredAcks{kafka.RequireNone, kafka.RequireOne} {
		writer := &kafka.Writer{Addr: broker, Topic: topic, Balancer: &kafka.Hash{}, BatchTimeout: 10 * time.Millisecond, RequiredAcks: acks}
		say("writer acks "+acks.String(), name(writer.WriteMessages(ctx, messages("acks", 4)...)))
		writer.Close()
	}
	large := &kafka.Writer{Addr: broker, Topic: topic, BatchBytes: 5_000_000, BatchTimeout: 10 * time.Millisecond, MaxAttempts: 1}
	err := large.WriteMessages(ctx, kafka.Message{Value: make([]byte, 2_000_000)})
	var failures kafka.WriteErrors
	if errors.As(err, &failures) {
		err = failures[0]
	}
	say("writer too large", name(err))
	large.Close()
}

func readers() {
	total := 0
	for partition := 0; partition < 3; partition++ {
		conn := dial(partition)
		last, err := conn.ReadLastOffset()
		total += int(last)
		say("conn: end", fmt.Sprint(partition, last, name(err)))
		conn.Close()
	}
	var lines []string
	group := prefix + "-group"
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{servers}, GroupID: group, Topic: topic, StartOffset: kafka.FirstOffset, MaxWait: 500 * time.Millisecond})
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for len(lines) < total {
		message, err := reader.FetchMessage(limited)
		if err != nil {
			lines = append(lines, name(err))
			break
		}
		if err := reader.CommitMessages(limited, message); err != nil {
			say("reader: commit", name(err))
		}
		lines = append(lines, fmt.Sprintf("%d@%d %s=%.40s %d", message.Partition, message.Offset, message.Key, message.Value, len(message.Headers)))
	}
	described(group)
	say("reader: close", name(reader.Close()))
	sort.Strings(lines)
	say("reader: lines", strings.Join(lines, "\n"))
	fetched, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: {0, 1, 2}}})
	lines = nil
	for _, each := range fetched.Topics[topic] {
		lines = append(lines, fmt.Sprint(each.Partition, " ", each.CommittedOffset, " ", each.Metadata, " ", name(each.Error)))
	}
	sort.Strings(lines)
	say("client: committed", fmt.Sprint(lines, name(fetched.Error), name(err)))
	pair(group + "-pair")
	deleted, err := client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{group, group + "-unknown"}})
	say("client: delete groups", names(deleted.Errors)+name(err))
}

func described(group string) {
	var found *kafka.DescribeGroupsResponse
	var err error
	// kafka-go cannot read the description of a group that is joining.
	for deadline := time.Now().Add(patience); found == nil && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		found, err = client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{group, group + "-unknown"}})
	}
	if err != nil {
		say("client: describe groups", name(err))
		return
	}
	var lines []string
	for _, each := range found.Groups {
		partitions := 0
		for _, member := range each.Members {
			for _, assigned := range member.MemberAssignments.Topics {
				partitions += len(assigned.Partitions)
			}
		}
		lines = append(lines, fmt.Sprint(each.GroupID, " ", each.GroupState, " ", len(each.Members), " ", partitions, " ", name(each.Error)))
	}
	sort.Strings(lines)
	say("client: describe groups", fmt.Sprint(lines, name(err)))
}

// pair: two readers of a group share the partitions; one leaves, the other gets them all.
func pair(group string) {
	reader := func() *kafka.ConsumerGroup {
		made, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{ID: group, Brokers: []string{servers}, Topics: []string{topic}, HeartbeatInterval: 200 * time.Millisecond, GroupBalancers: []kafka.GroupBalancer{kafka.RoundRobinGroupBalancer{}}})
		if err != nil {
			panic(err)
		}
		return made
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first := reader()
	generation, err := first.Next(limited)
	say("pair: alone", fmt.Sprint(len(generation.Assignments[topic]), name(err)))
	say("pair: commit", name(generation.CommitOffsets(map[string]map[int]int64{topic: {0: 3}})))
	counts := make(chan int, 100)
	watch := func(group *kafka.ConsumerGroup) {
		for {
			generation, err := group.Next(limited)
			if errors.Is(err, kafka.ErrGroupClosed) || limited.Err() != nil {
				return
			}
			if err != nil {
				continue
			}
			counts <- len(generation.Assignments[topic])
			generation.Start(func(ctx context.Context) { <-ctx.Done() })
		}
	}
	generation.Start(func(ctx context.Context) { <-ctx.Done() })
	go watch(first)
	second := reader()
	defer second.Close()
	go watch(second)
	until := func(wanted int) bool {
		for {
			select {
			case count := <-counts:
				if count == wanted {
					return true
				}
			case <-limited.Done():
				return false
			}
		}
	}
	say("pair: shared", until(1))
	first.Close()
	say("pair: left alone", until(3))
}

func main() {
	topics()
	connections()
	writers()
	readers()
	transactions()
	administration()
}
