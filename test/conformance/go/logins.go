// franz-go logs in once for each entry of the list that its argument names: see ../logins/logins.ts.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

const loginPatience = 5 * time.Second

type login struct {
	Name    string
	Address string
	Tls     *struct{ Ca, Key *string }
	Sasl    *struct{ Mechanism, Username, Password string }
}

func (one login) options() []kgo.Opt {
	options := []kgo.Opt{kgo.SeedBrokers(one.Address), kgo.RequestRetries(0), kgo.RetryTimeout(loginPatience)}
	if one.Tls != nil {
		config := &tls.Config{ServerName: "127.0.0.1"}
		if one.Tls.Ca != nil {
			config.RootCAs = x509.NewCertPool()
			pem, _ := os.ReadFile(*one.Tls.Ca)
			config.RootCAs.AppendCertsFromPEM(pem)
		}
		if one.Tls.Key != nil {
			pair, err := tls.LoadX509KeyPair(*one.Tls.Key, *one.Tls.Key)
			if err != nil {
				panic(err)
			}
			config.Certificates = []tls.Certificate{pair}
		}
		options = append(options, kgo.DialTLSConfig(config))
	}
	if one.Sasl == nil {
		return options
	}
	auth := scram.Auth{User: one.Sasl.Username, Pass: one.Sasl.Password}
	switch one.Sasl.Mechanism {
	case "PLAIN":
		return append(options, kgo.SASL(plain.Auth{User: auth.User, Pass: auth.Pass}.AsMechanism()))
	case "SCRAM-SHA-256":
		return append(options, kgo.SASL(auth.AsSha256Mechanism()))
	default:
		return append(options, kgo.SASL(auth.AsSha512Mechanism()))
	}
}

func logIn(one login) string {
	client, err := kgo.NewClient(one.options()...)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	within, cancel := context.WithTimeout(context.Background(), 2*loginPatience)
	defer cancel()
	topics, err := kadm.NewClient(client).ListTopics(within)
	if err != nil {
		return "refused"
	}
	return "topics " + strings.Join(topics.Names(), ",")
}

func logins(file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var all []login
	if err := json.Unmarshal(text, &all); err != nil {
		panic(err)
	}
	for _, one := range all {
		fmt.Println(one.Name + ": " + logIn(one))
	}
}
