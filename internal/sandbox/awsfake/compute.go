package awsfake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/appautoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/codedeploy"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// balancing is what spreads requests over servers.
func balancing() []fake.Resource {
	return []fake.Resource{
		row("lb/loadBalancer:LoadBalancer", lb.LoadBalancerArgs{}, lb.LoadBalancer{}, "{arn}",
			"elasticloadbalancing:loadbalancer/app/{name}/{16}", "name namePrefix internal loadBalancerType",
			outputs{"dnsName": balancerName, "zoneId": balancerZone, "arnSuffix": suffixAfter("loadbalancer/")}),
		row("lb/targetGroup:TargetGroup", lb.TargetGroupArgs{}, lb.TargetGroup{}, "{arn}",
			"elasticloadbalancing:targetgroup/{name}/{16}",
			"name namePrefix port protocol protocolVersion targetType vpcId ipAddressType",
			outputs{"arnSuffix": func(o *fake.Object) any { return afterColon(o.ARN(), 5) }, "loadBalancerArns": []any{}}),
		row("lb/listener:Listener", lb.ListenerArgs{}, lb.Listener{}, "{arn}",
			"elasticloadbalancing:listener/app/{logical}/{16}/{16}", "loadBalancerArn"),
		row("lb/listenerRule:ListenerRule", lb.ListenerRuleArgs{}, lb.ListenerRule{}, "{arn}",
			"elasticloadbalancing:listener-rule/app/{logical}/{16}/{16}", "listenerArn priority"),
		row("lb/listenerCertificate:ListenerCertificate", lb.ListenerCertificateArgs{}, lb.ListenerCertificate{},
			"{listenerArn}_{certificateArn}", "", "certificateArn listenerArn"),
		row("lb/targetGroupAttachment:TargetGroupAttachment", lb.TargetGroupAttachmentArgs{}, lb.TargetGroupAttachment{},
			"{targetGroupArn}-{10}", "", "availabilityZone port targetGroupArn targetId"),
		row("lb/trustStore:TrustStore", lb.TrustStoreArgs{}, lb.TrustStore{}, "{arn}",
			"elasticloadbalancing:truststore/{name}/{16}", "name namePrefix caCertificatesBundleS3Bucket"),
	}
}

// compute is servers and what grows and renews their groups.
func compute() []fake.Resource {
	return []fake.Resource{
		bumping("latestVersion", row("ec2/launchTemplate:LaunchTemplate", ec2.LaunchTemplateArgs{}, ec2.LaunchTemplate{},
			"lt-{17}", "ec2:launch-template/{id}", "name namePrefix")),
		row("ec2/instance:Instance", ec2.InstanceArgs{}, ec2.Instance{}, "i-{17}", "ec2:instance/{id}",
			"ami availabilityZone subnetId keyName placementGroup privateIp tenancy hostId rootBlockDevice.encrypted "+
				"rootBlockDevice.kmsKeyId ebsBlockDevices associatePublicIpAddress secondaryPrivateIps", outputs{
				"instanceState": "running", "primaryNetworkInterfaceId": "eni-{17}", "passwordData": "",
				"publicDns": "", "instanceLifecycle": "", "spotInstanceRequestId": "", "outpostArn": "",
			}),
		row("ec2/keyPair:KeyPair", ec2.KeyPairArgs{}, ec2.KeyPair{}, "{keyName}", "ec2:key-pair/{keyName}",
			"keyName keyNamePrefix publicKey", outputs{"keyPairId": "key-{17}", "keyType": "ed25519"}),
		row("ec2/placementGroup:PlacementGroup", ec2.PlacementGroupArgs{}, ec2.PlacementGroup{}, "{name}",
			"ec2:placement-group/{name}", "name strategy partitionCount spreadLevel"),
		row("ec2/volumeAttachment:VolumeAttachment", ec2.VolumeAttachmentArgs{}, ec2.VolumeAttachment{}, "vai-{10}", "",
			"deviceName instanceId volumeId"),
		row("ec2/tag:Tag", ec2.TagArgs{}, ec2.Tag{}, "{resourceId},{key}", "", "resourceId key"),
		row("ebs/volume:Volume", ebs.VolumeArgs{}, ebs.Volume{}, "vol-{17}", "ec2:volume/{id}",
			"availabilityZone encrypted kmsKeyId snapshotId multiAttachEnabled outpostArn"),
		row("ebs/snapshot:Snapshot", ebs.SnapshotArgs{}, ebs.Snapshot{}, "snap-{17}", "ec2:snapshot/{id}",
			"volumeId description outpostArn"),
		row("ebs/encryptionByDefault:EncryptionByDefault", ebs.EncryptionByDefaultArgs{}, ebs.EncryptionByDefault{},
			"terraform-{8}", "", ""),
		row("autoscaling/group:Group", autoscaling.GroupArgs{}, autoscaling.Group{}, "{name}",
			"autoscaling:autoScalingGroup:{uuid}:autoScalingGroupName/{name}", "name namePrefix",
			outputs{"warmPoolSize": 0, "predictedCapacity": 0}),
		row("autoscaling/policy:Policy", autoscaling.PolicyArgs{}, autoscaling.Policy{}, "{name}",
			"autoscaling:scalingPolicy:{uuid}:autoScalingGroupName/{autoscalingGroupName}:policyName/{name}",
			"autoscalingGroupName name"),
		row("autoscaling/schedule:Schedule", autoscaling.ScheduleArgs{}, autoscaling.Schedule{}, "{scheduledActionName}",
			"autoscaling:scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{autoscalingGroupName}"+
				":scheduledActionName/{scheduledActionName}",
			"autoscalingGroupName scheduledActionName"),
		row("autoscaling/lifecycleHook:LifecycleHook", autoscaling.LifecycleHookArgs{}, autoscaling.LifecycleHook{}, "{name}",
			"", "autoscalingGroupName name"),
		row("autoscaling/attachment:Attachment", autoscaling.AttachmentArgs{}, autoscaling.Attachment{},
			"{autoscalingGroupName}-{10}", "", "autoscalingGroupName elb lbTargetGroupArn"),
		row("autoscaling/trafficSourceAttachment:TrafficSourceAttachment", autoscaling.TrafficSourceAttachmentArgs{},
			autoscaling.TrafficSourceAttachment{}, "{autoscalingGroupName},{10}", "", "autoscalingGroupName trafficSource"),
		row("autoscaling/notification:Notification", autoscaling.NotificationArgs{}, autoscaling.Notification{}, "{topicArn}",
			"", "topicArn"),
		row("appautoscaling/target:Target", appautoscaling.TargetArgs{}, appautoscaling.Target{}, "{resourceId}",
			"application-autoscaling:scalable-target/{8}", "resourceId scalableDimension serviceNamespace"),
		row("appautoscaling/policy:Policy", appautoscaling.PolicyArgs{}, appautoscaling.Policy{}, "{name}",
			"autoscaling:scalingPolicy:{uuid}:resource/{serviceNamespace}/{resourceId}:policyName/{name}",
			"name resourceId scalableDimension serviceNamespace", outputs{"alarmArns": []any{}}),
		row("appautoscaling/scheduledAction:ScheduledAction", appautoscaling.ScheduledActionArgs{},
			appautoscaling.ScheduledAction{}, "{name}-{serviceNamespace}-{resourceId}",
			"autoscaling:scheduledAction:{uuid}:resource/{serviceNamespace}/{resourceId}:scheduledActionName/{name}",
			"name resourceId scalableDimension serviceNamespace"),
		row("codedeploy/application:Application", codedeploy.ApplicationArgs{}, codedeploy.Application{}, "{uuid}:{name}",
			"codedeploy:application:{name}", "computePlatform", outputs{"applicationId": "{uuid}", "githubAccountName": ""}),
		row("codedeploy/deploymentConfig:DeploymentConfig", codedeploy.DeploymentConfigArgs{}, codedeploy.DeploymentConfig{},
			"{deploymentConfigName}", "codedeploy:deploymentconfig:{deploymentConfigName}",
			"computePlatform deploymentConfigName minimumHealthyHosts trafficRoutingConfig zonalConfig"),
		row("codedeploy/deploymentGroup:DeploymentGroup", codedeploy.DeploymentGroupArgs{}, codedeploy.DeploymentGroup{},
			"{uuid}", "codedeploy:deploymentgroup:{appName}/{deploymentGroupName}", "appName",
			outputs{"computePlatform": "Server", "deploymentGroupId": "{uuid}"}),
	}
}

// balancerName is the public or the internal DNS name of a load balancer.
func balancerName(o *fake.Object) any {
	prefix := ""
	if o.Text("internal") == "true" {
		prefix = "internal-"
	}
	return prefix + o.Expand("dns", "{name}-") + o.Hex("dns", 10) + "." + o.Settings["region"] + ".elb.amazonaws.com"
}

func balancerZone(o *fake.Object) any { return zoneOfBalancers(o.Settings["region"]) }
