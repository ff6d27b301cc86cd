package awscloud

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/topology"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// addProxy puts a pool of connections before the database, and moves d's
// addresses to it: hundreds of PHP processes that come with a campaign would
// else each hold a connection, and lose it in a failover.
func (s *site) addProxy(ctx *pulumi.Context, parent pulumi.Resource, d *database) error {
	name := d.name + "-proxy"
	role, err := s.addProxyRole(ctx, parent, name, d)
	if err != nil {
		return err
	}
	var auths rds.ProxyAuthArray
	for _, secret := range d.login.pooled {
		auth := &rds.ProxyAuthArgs{AuthScheme: pulumi.String("SECRETS"), IamAuth: pulumi.String("DISABLED"), SecretArn: secret}
		if d.args.Version == "8.4" {
			// Its older way of logging in is switched off there.
			auth.ClientPasswordAuthType = pulumi.String("MYSQL_CACHING_SHA2_PASSWORD")
		}
		auths = append(auths, auth)
	}
	proxy, err := rds.NewProxy(ctx, name, &rds.ProxyArgs{
		Name: pulumi.String(s.called(name, 60)), EngineFamily: pulumi.String("MYSQL"),
		Auths:   auths,
		RoleArn: role.Arn, RequireTls: pulumi.Bool(true), IdleClientTimeout: pulumi.Int(1800),
		VpcSubnetIds: s.vpc.subnetIDs(address.Data), VpcSecurityGroupIds: pulumi.StringArray{s.groups[topology.TierProxy]},
		Tags: s.tags(topology.TierProxy, name),
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	if err := s.addProxyTarget(ctx, parent, name, d, proxy); err != nil {
		return err
	}
	// Only Aurora's readers can stand behind a proxy; a replica of RDS is
	// asked directly.
	direct := d.cluster == nil && d.args.Readers.Min > 0
	d.writer = proxy.Endpoint
	switch {
	case direct:
	case d.args.Readers.Max == 0:
		d.reader = proxy.Endpoint
	default:
		readers, err := rds.NewProxyEndpoint(ctx, name+"-readers", &rds.ProxyEndpointArgs{
			DbProxyName: proxy.Name, DbProxyEndpointName: pulumi.String(s.called(name+"-readers", 60)), TargetRole: pulumi.String("READ_ONLY"),
			VpcSubnetIds: s.vpc.subnetIDs(address.Data), VpcSecurityGroupIds: pulumi.StringArray{s.groups[topology.TierProxy]},
			Tags: s.tags(topology.TierProxy, name+"-readers"),
		}, pulumi.Parent(parent))
		if err != nil {
			return err
		}
		d.reader = readers.Endpoint
	}
	return nil
}

// addProxyRole lets the proxy read the logins that it takes.
func (s *site) addProxyRole(ctx *pulumi.Context, parent pulumi.Resource, name string, d *database) (*iam.Role, error) {
	role, err := s.addRole(ctx, parent, name, topology.TierProxy, "rds.amazonaws.com")
	if err != nil {
		return nil, err
	}
	var secrets []pulumi.StringInput
	for _, secret := range d.login.pooled {
		secrets = append(secrets, secret)
	}
	_, err = iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Role: role.Name,
		Policy: policy(
			statement{Action: []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}, Resource: secrets},
			statement{
				Action: []string{"kms:Decrypt"}, Resource: []pulumi.StringInput{s.key.arn},
				Condition: map[string]any{"StringEquals": map[string]string{"kms:ViaService": "secretsmanager." + s.settings.Region + ".amazonaws.com"}},
			},
		),
	}, pulumi.Parent(parent))
	return role, err
}

func (s *site) addProxyTarget(ctx *pulumi.Context, parent pulumi.Resource, name string, d *database, proxy *rds.Proxy) error {
	pool, err := rds.NewProxyDefaultTargetGroup(ctx, name, &rds.ProxyDefaultTargetGroupArgs{
		DbProxyName: proxy.Name,
		ConnectionPoolConfig: &rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs{
			// The rest is for people who look into a trouble.
			MaxConnectionsPercent: pulumi.Int(90), MaxIdleConnectionsPercent: pulumi.Int(50), ConnectionBorrowTimeout: pulumi.Int(30),
			// No session pinning filter: what Magento sets at the start of each
			// connection (NAMES, SQL_MODE, TIME_ZONE) the proxy follows by itself,
			// and what its set-up and imports set on top (FOREIGN_KEY_CHECKS = 0)
			// must stay with the connection that set it, not pass to a visitor's
			// (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html).
		},
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}
	args := &rds.ProxyTargetArgs{DbProxyName: proxy.Name, TargetGroupName: pool.Name}
	if d.cluster != nil {
		args.DbClusterIdentifier = d.cluster.ClusterIdentifier
	} else {
		args.DbInstanceIdentifier = d.instance.Identifier
	}
	_, err = rds.NewProxyTarget(ctx, name, args, pulumi.Parent(parent), pulumi.DependsOn(d.members))
	return err
}
