// Reads a compose file with the library that Docker Compose itself uses, checks it against the compose specification's
// schema, and prints the services of the active profiles as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions([]string{os.Args[1]}, cli.WithOsEnv, cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles())
	if err != nil {
		panic(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	services := map[string]any{}
	for name, service := range project.Services {
		ports := []string{}
		for _, port := range service.Ports {
			ports = append(ports, port.Published)
		}
		services[name] = map[string]any{"image": service.Image, "ports": ports, "environment": service.Environment}
	}
	json.NewEncoder(os.Stdout).Encode(services)
}
