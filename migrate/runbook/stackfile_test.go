package runbook

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseStack(t *testing.T) {
	stack, channels, err := ParseStack("shop/Pulumi.prod.yaml", []byte(`
config:
  aws:region: eu-west-1
  storefront:topology:
    channels:
      - {code: uk, hostnames: [www.shop.example], cutover: {legacy: [198.51.100.7], newShare: 0}}
      - {code: de}
`))
	require.NoError(t, err)
	require.Equal(t, "prod", stack)
	require.Equal(t, []Channel{{Code: "uk", Hosts: []string{"www.shop.example"}, Legacy: []string{"198.51.100.7"}}, {Code: "de"}}, channels)
}

func TestParseStackTellsAllThatIsWrong(t *testing.T) {
	_, _, err := ParseStack("stack.yaml", []byte("config: {'storefront:topology': {channels: [{code: uk}, {}]}}"))
	require.EqualError(t, err, `read stack file stack.yaml: its name is not Pulumi.STACK.yaml, so that the stack is not known
read stack file stack.yaml: storefront:topology.channels[1].code: there is none`)
	_, _, err = ParseStack("Pulumi.dev.yaml", nil)
	require.EqualError(t, err, "read stack file Pulumi.dev.yaml: storefront:topology.channels: there is none")
	_, _, err = ParseStack("Pulumi.dev.yaml", []byte("config: ["))
	require.ErrorContains(t, err, "read stack file Pulumi.dev.yaml: yaml:")
}
