module github.com/pulumi/pulumi-terraform-provider/sdks/go/nsxt/v3

go 1.25

require github.com/pulumi/pulumi/sdk/v3 v3.228.0
