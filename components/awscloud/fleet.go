package awscloud

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology/address"
)

// Fleet makes Auto Scaling groups: one over all zones for servers that are
// alike, or a self-healing group of one a server where each has a data volume,
// which lies in one zone.
func (s *site) Fleet(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs) (platform.Fleet, error) {
	profile, err := s.addServerRole(ctx, parent, in)
	if err != nil {
		return platform.Fleet{}, err
	}
	if in.DataDiskGiB == 0 {
		return s.addGroupOfServers(ctx, parent, in, member{name: in.Name, profile: profile})
	}
	var first platform.Fleet
	for i := range in.Capacity.Max {
		m := member{name: fmt.Sprintf("%s-%d", in.Name, i), index: i, profile: profile}
		if m.volume, err = s.addVolume(ctx, parent, in, m); err != nil {
			return platform.Fleet{}, err
		}
		one := in
		one.Capacity.Min, one.Capacity.Max = 1, 1
		fleet, err := s.addGroupOfServers(ctx, parent, one, m)
		if err != nil {
			return platform.Fleet{}, err
		}
		if i == 0 {
			first = fleet
		}
	}
	return first, nil
}

// member is one Auto Scaling group of a fleet.
type member struct {
	name    string
	index   int
	profile pulumi.StringOutput // instance profile ARN
	volume  *ebs.Volume         // nil where the servers keep nothing
}

// zone is where a member with a volume lies: they go round the zones.
func (s *site) zone(m member) int { return m.index % len(s.zoneNames) }

func (s *site) addVolume(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs, m member) (*ebs.Volume, error) {
	tags := s.tags(in.Tier, m.name)
	// The servers' role may attach only what carries its fleet's name.
	tags["fleet"] = pulumi.String(in.Name)
	return ebs.NewVolume(ctx, m.name, &ebs.VolumeArgs{
		AvailabilityZone: pulumi.String(s.zoneNames[s.zone(m)]),
		Size:             pulumi.Int(in.DataDiskGiB),
		Type:             pulumi.String("gp3"),
		Encrypted:        pulumi.Bool(true),
		KmsKeyId:         s.key.arn,
		Tags:             tags,
	}, s.keeps(parent)...)
}

// dataDevice is where a server attaches its volume.
const dataDevice = "/dev/sdf"

func (s *site) host(in platform.FleetArgs, m member) platform.Host {
	h := platform.Host{Base: guest.Base{Environment: string(s.meta.Environment), Cloud: &guest.AWS{Region: s.settings.Region}}}
	if len(in.Pools) > 0 {
		h.Base.Cloud.Group = s.group(m)
	}
	if m.volume != nil {
		h.Base.DataDisk = &guest.DataDisk{Device: dataDevice}
		h.VolumeID = m.volume.ID().ToStringOutput()
	}
	return h
}

func (s *site) addTemplate(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs, m member) (*ec2.LaunchTemplate, error) {
	shape, err := shapeOf(serverShapes, in.Size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	userData := in.Boot(m.index, s.host(in, m)).ApplyT(func(doc string) (string, error) {
		return guest.Document(doc).UserData()
	}).(pulumi.StringOutput)
	marks := s.tags(in.Tier, m.name)
	marks["fleet"] = pulumi.String(in.Name)
	return ec2.NewLaunchTemplate(ctx, m.name, &ec2.LaunchTemplateArgs{
		Name:                 pulumi.String(m.name + "-" + s.meta.Stack),
		ImageId:              pulumi.String(s.settings.Image),
		InstanceType:         pulumi.String(shape),
		UpdateDefaultVersion: pulumi.Bool(true),
		UserData:             userData,
		EbsOptimized:         pulumi.String("true"),
		IamInstanceProfile:   &ec2.LaunchTemplateIamInstanceProfileArgs{Arn: m.profile},
		// IMDSv2 only, and no hop further: a forged request from PHP can't ask.
		MetadataOptions: &ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint: pulumi.String("enabled"), HttpTokens: pulumi.String("required"), HttpPutResponseHopLimit: pulumi.Int(1),
		},
		Monitoring: &ec2.LaunchTemplateMonitoringArgs{Enabled: pulumi.Bool(s.production())},
		NetworkInterfaces: ec2.LaunchTemplateNetworkInterfaceArray{&ec2.LaunchTemplateNetworkInterfaceArgs{
			AssociatePublicIpAddress: pulumi.String("false"), DeleteOnTermination: pulumi.String("true"),
			SecurityGroups: pulumi.StringArray{s.groups[in.Tier]},
		}},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{&ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String("/dev/xvda"),
			Ebs: &ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeSize: pulumi.Int(in.DiskGiB), VolumeType: pulumi.String("gp3"),
				Encrypted: pulumi.String("true"), KmsKeyId: s.key.arn, DeleteOnTermination: pulumi.String("true"),
			},
		}},
		TagSpecifications: ec2.LaunchTemplateTagSpecificationArray{
			&ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String("instance"), Tags: marks},
			&ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String("volume"), Tags: s.tags(in.Tier, m.name)},
		},
		Tags: s.tags(in.Tier, m.name),
	}, pulumi.Parent(parent))
}

// group is the name of a member's Auto Scaling group.
func (s *site) group(m member) string { return m.name + "-" + s.meta.Stack }

// readyHook holds a launched server back until it is set up: without it a warm
// pool stops servers in the middle of their set-up, and a refresh counts one as
// replaced that answers nothing yet
// (docs.aws.amazon.com/autoscaling/ec2/userguide/create-warm-pool.html).
var readyHook = &autoscaling.GroupInitialLifecycleHookArgs{
	Name:                pulumi.String(guest.ReadyHook),
	LifecycleTransition: pulumi.String("autoscaling:EC2_INSTANCE_LAUNCHING"),
	// A full upgrade and the download of Solr fit into it several times.
	HeartbeatTimeout: pulumi.Int(1800),
	DefaultResult:    pulumi.String("ABANDON"),
}

func (s *site) addGroupOfServers(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs, m member) (platform.Fleet, error) {
	template, err := s.addTemplate(ctx, parent, in, m)
	if err != nil {
		return platform.Fleet{}, err
	}
	least := in.Capacity.Min
	if in.Scaling != nil {
		least = in.Scaling.Minimum
	}
	args := &autoscaling.GroupArgs{
		Name:    pulumi.String(s.group(m)),
		MinSize: pulumi.Int(least), MaxSize: pulumi.Int(in.Capacity.Max),
		VpcZoneIdentifiers:     s.vpc.subnetIDs(address.App),
		LaunchTemplate:         &autoscaling.GroupLaunchTemplateArgs{Id: template.ID(), Version: template.LatestVersion.ApplyT(strconv.Itoa).(pulumi.StringOutput)},
		HealthCheckType:        pulumi.String("EC2"),
		HealthCheckGracePeriod: pulumi.Int(300),
		DefaultInstanceWarmup:  pulumi.Int(120),
		TargetGroupArns:        targetARNs(in.Pools, m.index),
		EnabledMetrics:         pulumi.ToStringArray([]string{"GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"}),
		// A deployment must not wait for servers that only a campaign needs.
		WaitForCapacityTimeout: pulumi.String("0"),
		Tags:                   s.groupTags(in, m),
	}
	if len(in.Pools) > 0 {
		args.HealthCheckType = pulumi.String("ELB")
		args.InitialLifecycleHooks = autoscaling.GroupInitialLifecycleHookArray{readyHook}
	}
	if m.volume != nil {
		args.VpcZoneIdentifiers = pulumi.StringArray{s.vpc.subnets[address.App][s.zone(m)].ID()}
	}
	refresh(args, in)
	group, err := autoscaling.NewGroup(ctx, m.name, args, pulumi.Parent(parent),
		// Its policies set how many servers there are, not the next deployment.
		pulumi.IgnoreChanges([]string{"desiredCapacity"}))
	if err != nil {
		return platform.Fleet{}, err
	}
	fleet := platform.Fleet{ID: group.Arn, Name: group.Name}
	if in.Scaling == nil {
		return fleet, nil
	}
	return fleet, s.addScaling(ctx, parent, in, group)
}

// refresh sets how a changed template reaches the servers: where there are
// several a new one works before an old one goes; a single one stops first,
// since neither its volume nor the back office's cron can be at two servers. The
// group's policy holds for every roll, a deployment's too. AWS takes no roll back
// of itself where the image is named by a parameter
// (docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html).
func refresh(args *autoscaling.GroupArgs, in platform.FleetArgs) {
	least, most := 100, 110
	if in.Capacity.Max == 1 {
		least, most = 0, 100
	}
	args.InstanceMaintenancePolicy = &autoscaling.GroupInstanceMaintenancePolicyArgs{
		MinHealthyPercentage: pulumi.Int(least), MaxHealthyPercentage: pulumi.Int(most),
	}
	args.InstanceRefresh = &autoscaling.GroupInstanceRefreshArgs{Strategy: pulumi.String("Rolling"), Preferences: &autoscaling.GroupInstanceRefreshPreferencesArgs{
		MinHealthyPercentage: pulumi.Int(least), MaxHealthyPercentage: pulumi.Int(most),
	}}
	if in.Scaling != nil && in.Scaling.WarmPool > 0 {
		args.WarmPool = &autoscaling.GroupWarmPoolArgs{
			MinSize: pulumi.Int(in.Scaling.WarmPool), PoolState: pulumi.String("Stopped"),
			// Without it AWS keeps all up to the group's maximum (API_PutWarmPool).
			MaxGroupPreparedCapacity: pulumi.Int(in.Scaling.Minimum + in.Scaling.WarmPool),
			InstanceReusePolicy:      &autoscaling.GroupWarmPoolInstanceReusePolicyArgs{ReuseOnScaleIn: pulumi.Bool(true)},
		}
	}
}

// targetARNs are the groups a member is registered with: writes go to the first only.
func targetARNs(pools []platform.LoadBalancer, index int) pulumi.StringArray {
	arns := pulumi.StringArray{}
	for _, p := range pools {
		h := p.Handle.(*balancerHandle)
		arns = append(arns, h.targets[0].Arn)
		if index == 0 && len(h.targets) > 1 {
			arns = append(arns, h.targets[1].Arn)
		}
	}
	return arns
}

func (s *site) groupTags(in platform.FleetArgs, m member) autoscaling.GroupTagArray {
	marks := s.meta.Tags(in.Tier)
	marks["Name"] = m.name
	marks["fleet"] = in.Name
	var tags autoscaling.GroupTagArray
	for _, k := range sortedKeys(marks) {
		tags = append(tags, &autoscaling.GroupTagArgs{Key: pulumi.String(k), Value: pulumi.String(marks[k]), PropagateAtLaunch: pulumi.Bool(true)})
	}
	return tags
}

// addScaling follows CPU, requests and the calendar.
func (s *site) addScaling(ctx *pulumi.Context, parent pulumi.Resource, in platform.FleetArgs, group *autoscaling.Group) error {
	track := func(name string, c *autoscaling.PolicyTargetTrackingConfigurationArgs, after ...pulumi.Resource) error {
		_, err := autoscaling.NewPolicy(ctx, name, &autoscaling.PolicyArgs{
			Name: pulumi.String(name), AutoscalingGroupName: group.Name, PolicyType: pulumi.String("TargetTrackingScaling"),
			TargetTrackingConfiguration: c,
		}, pulumi.Parent(parent), pulumi.DependsOn(after))
		return err
	}
	if err := track(in.Name+"-cpu", &autoscaling.PolicyTargetTrackingConfigurationArgs{
		PredefinedMetricSpecification: &autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs{
			PredefinedMetricType: pulumi.String("ASGAverageCPUUtilization"),
		},
		TargetValue: pulumi.Float64(float64(in.Scaling.CPUTarget)),
	}); err != nil {
		return err
	}
	if err := s.addRequestScaling(in, track); err != nil {
		return err
	}
	for _, step := range in.Scaling.Schedule {
		if _, err := autoscaling.NewSchedule(ctx, in.Name+"-"+step.Name, &autoscaling.ScheduleArgs{
			AutoscalingGroupName: group.Name, ScheduledActionName: pulumi.String(step.Name),
			StartTime: pulumi.String(step.At.UTC().Format(time.RFC3339)), TimeZone: pulumi.String("Etc/UTC"),
			MinSize: pulumi.Int(step.Minimum), MaxSize: pulumi.Int(in.Capacity.Max),
			// -1 leaves the number to the policies; a raised minimum lifts it.
			DesiredCapacity: pulumi.Int(-1),
		}, pulumi.Parent(parent)); err != nil {
			return err
		}
	}
	return nil
}

// addRequestScaling tracks each balancer's requests. The metric counts what one
// target group's servers get in a minute, so where every channel has its own
// group over the same servers, a channel's share of a server is its part of all
// traffic.
func (s *site) addRequestScaling(in platform.FleetArgs, track func(string, *autoscaling.PolicyTargetTrackingConfigurationArgs, ...pulumi.Resource) error) error {
	var total float64
	for _, c := range s.shop.Channels {
		total += c.RequestsPerSecond
	}
	for i, p := range in.Pools {
		h := p.Handle.(*balancerHandle)
		share, name := 1.0, in.Name+"-requests"
		if len(in.Pools) > 1 {
			share = s.shop.Channels[i].RequestsPerSecond / total
			name += "-" + s.shop.Channels[i].Code
		}
		if err := track(name, &autoscaling.PolicyTargetTrackingConfigurationArgs{
			PredefinedMetricSpecification: &autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs{
				PredefinedMetricType: pulumi.String("ALBRequestCountPerTarget"),
				ResourceLabel:        pulumi.Sprintf("%s/%s", h.lb.ArnSuffix, h.targets[0].ArnSuffix),
			},
			TargetValue: pulumi.Float64(max(1, math.Floor(in.Scaling.RequestsPerServer*60*share))),
			// A quiet channel must not take away servers that a busy one needs.
			DisableScaleIn: pulumi.Bool(len(in.Pools) > 1),
			// AWS counts nothing, and refuses the policy, before requests go there.
		}, h.routed); err != nil {
			return err
		}
	}
	return nil
}
