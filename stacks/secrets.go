package stacks

import (
	"slices"

	"github.com/storefront-toolkit/storefront/components/privatecloud"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Secrets lists, by their paths, the secret settings that a stack's
// configuration needs on its platform, the providers' among them. A
// configuration that can't be read needs none: Read says what is wrong with it.
func Secrets(get func(path string) (string, bool)) []string {
	if on, _ := get(keyPlatform); on != privatecloud.Name {
		return nil
	}
	var shop topology.Storefront
	if text, ok := get(keyTopology); !ok || topology.Decode([]byte(text), &shop) != nil {
		return nil
	}
	var paths []string
	for _, name := range privatecloud.SecretsOf(shop.Resolve()) {
		paths = append(paths, keySecrets+"."+name)
	}
	paths = append(paths, "vsphere:password")
	slices.Sort(paths)
	return paths
}
