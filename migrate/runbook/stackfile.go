package runbook

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// stackFile is the part of a Pulumi stack file that the switch needs.
type stackFile struct {
	Config struct {
		Topology struct {
			Channels []struct {
				Code      string   `yaml:"code"`
				Hostnames []string `yaml:"hostnames"`
				Cutover   struct {
					Legacy []string `yaml:"legacy"`
				} `yaml:"cutover"`
			} `yaml:"channels"`
		} `yaml:"storefront:topology"`
	} `yaml:"config"`
}

var stackFileName = regexp.MustCompile(`^Pulumi\.([A-Za-z0-9_.-]+)\.ya?ml$`)

// ParseStack reads the channels of a stack file, and the stack's name from the
// file's: Pulumi.prod.yaml is that of prod. Errors name the file and the path
// in it.
func ParseStack(path string, data []byte) (stack string, channels []Channel, err error) {
	name := stackFileName.FindStringSubmatch(filepath.Base(path))
	var errs []error
	if name == nil {
		errs = append(errs, fmt.Errorf("read stack file %s: its name is not Pulumi.STACK.yaml, so that the stack is not known", path))
	}
	var file stackFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		return "", nil, errors.Join(append(errs, fmt.Errorf("read stack file %s: %w", path, err))...)
	}
	for i, c := range file.Config.Topology.Channels {
		if c.Code == "" {
			errs = append(errs, fmt.Errorf("read stack file %s: storefront:topology.channels[%d].code: there is none", path, i))
		}
		channels = append(channels, Channel{Code: c.Code, Hosts: c.Hostnames, Legacy: c.Cutover.Legacy})
	}
	if len(channels) == 0 {
		errs = append(errs, fmt.Errorf("read stack file %s: storefront:topology.channels: there is none", path))
	}
	if err := errors.Join(errs...); err != nil {
		return "", nil, err
	}
	return name[1], channels, nil
}
