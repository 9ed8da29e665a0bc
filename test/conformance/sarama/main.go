// The conversation of sarama, held once for each of the versions it may be told that the cluster has, because each sends
// other API versions: one JSON line per step, nothing in it that differs from run to run.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

const patience = 40 * time.Second

var (
	servers = os.Args[1]
	prefix  = os.Args[2]
	// Before the steps of a version.
	chapter string
	numbers = regexp.MustCompile(`\d{10,}`)
)

func say(step string, result any) {
	line, _ := json.Marshal(map[string]string{"step": chapter + step, "result": strings.ReplaceAll(fmt.Sprint(result), prefix, "PREFIX")})
	fmt.Println(string(line))
}

// name is the error of Kafka, or that the connection was closed: how that is said depends on the moment.
func name(err error) string {
	var known sarama.KError
	var topicError *sarama.TopicError
	switch {
	case errors.As(err, &topicError):
		message := ""
		if topicError.ErrMsg != nil {
			message = *topicError.ErrMsg
		}
		return fmt.Sprintf("error %d %s", topicError.Err, message)
	case errors.As(err, &known):
		return fmt.Sprintf("error %d", known)
	case err != nil && (strings.Contains(err.Error(), "EOF") || strings.Contains(err.Error(), "reset by peer")):
		return "closed"
	}
	return numbers.ReplaceAllString(fmt.Sprint(err), "N")
}

func settings(version sarama.KafkaVersion, change func(*sarama.Config)) *sarama.Config {
	config := sarama.NewConfig()
	config.Version = version
	config.ClientID = "conformance"
	config.Producer.Return.Successes = true
	config.Producer.Retry.Max = 3
	config.Metadata.Retry.Max = 3
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	if change != nil {
		change(config)
	}
	return config
}

func client(config *sarama.Config) sarama.Client {
	made, err := sarama.NewClient([]string{servers}, config)
	if err != nil {
		panic(err)
	}
	return made
}

func main() {
	versions := []sarama.KafkaVersion{sarama.V0_10_2_0, sarama.V0_11_0_0, sarama.V1_1_0_0, sarama.V2_1_0_0, sarama.V2_8_0_0, sarama.V3_9_0_0, sarama.V4_0_0_0, sarama.V4_3_0_0}
	for _, version := range versions {
		chapter = version.String() + ": "
		topic := fmt.Sprintf("%s-%s", prefix, strings.ReplaceAll(version.String(), ".", "-"))
		if !topics(version, topic) {
			continue
		}
		producers(version, topic)
		partitions(version, topic)
		groups(version, topic)
		if version.IsAtLeast(sarama.V0_11_0_0) {
			transactions(version, topic+"-transactional")
		}
		remove(version, topic)
	}
	chapter = "admin: "
	administration(sarama.V4_0_0_0)
	chapter = "rebalance: "
	rebalances(sarama.V2_8_0_0)
}
