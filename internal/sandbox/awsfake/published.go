package awsfake

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// balancerAccounts are the accounts that write load-balancer logs, as AWS
// publishes them for the regions opened before August 2022.
var balancerAccounts = map[string]string{
	"us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-1": "027434742980", "us-west-2": "797873946194",
	"ca-central-1": "985666609251", "eu-central-1": "054676820928", "eu-west-1": "156460612806", "eu-west-2": "652711504416",
	"eu-west-3": "009996457667", "eu-south-1": "635631232127", "eu-north-1": "897822967062",
	"ap-southeast-1": "114774131450", "ap-southeast-2": "783225319266", "ap-northeast-1": "582318560864",
	"ap-northeast-2": "600734575887", "ap-south-1": "718504428378", "sa-east-1": "507241528517",
}

// balancerZones are the hosted zones of the load balancers, as AWS publishes
// them.
var balancerZones = map[string]string{
	"us-east-1": "Z35SXDOTRQ7X7K", "us-east-2": "Z3AADJGX6KTTL2", "us-west-1": "Z368ELLRRE2KJ0",
	"us-west-2": "Z1H1FL5HABSF5", "ca-central-1": "ZQSVJUPU6J1EY", "eu-central-1": "Z215JYRZR1TBD5",
	"eu-west-1": "Z32O12XQLNTSW2", "eu-west-2": "ZHURV8PSTC4K8", "eu-west-3": "Z3Q77PNBQS71R4",
	"eu-north-1": "Z23TAZ6LKFMNIO", "ap-southeast-1": "Z1LMS91P8CMLE5", "ap-southeast-2": "Z1GM3OXH4ZPM65",
	"ap-northeast-1": "Z14GRHDCWA56QT", "ap-south-1": "ZP97RAFLXTNZK", "sa-east-1": "Z2P70J7HTTTPLU",
}

// deliveryPolicies are CloudFront's own policies, as AWS publishes them.
var deliveryPolicies = map[string]string{
	"CachingOptimized":                      "658327ea-f89d-4fab-a63d-7e88639e58f6",
	"CachingDisabled":                       "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
	"AllViewer":                             "216adef6-5c7f-47e4-b989-5492eafa07d3",
	"AllViewerExceptHostHeader":             "b689b0a8-53d0-40ab-baf2-68738e2966ac",
	"AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
	"CORS-S3Origin":                         "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
	"SecurityHeadersPolicy":                 "67f7725c-6f97-4210-82d7-5512b31e9d03",
}

// digits gives n hexadecimal digits, at most 64, that depend on the text.
func digits(text string, n int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:n]
}

func fingerprintOf(q *fake.Query) string {
	text := ""
	for _, k := range q.Args.StableKeys() {
		text += string(k) + "=" + q.Args[k].String() + "\n"
	}
	return text
}
