// Command storefront-program is the Pulumi program of every stack.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/stacks"
)

func main() { pulumi.Run(stacks.Deploy) }
