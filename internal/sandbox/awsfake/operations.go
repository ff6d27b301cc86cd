package awsfake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/backup"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
)

// operations is what keeps a shop running: logs, alarms, messages, backups.
func operations() []fake.Resource {
	return []fake.Resource{
		row("cloudwatch/logGroup:LogGroup", cloudwatch.LogGroupArgs{}, cloudwatch.LogGroup{}, "{name}",
			"logs:log-group:{name}", "logGroupClass name namePrefix"),
		row("cloudwatch/logStream:LogStream", cloudwatch.LogStreamArgs{}, cloudwatch.LogStream{}, "{name}",
			"logs:log-group:{logGroupName}:log-stream:{name}", "logGroupName name"),
		row("cloudwatch/logMetricFilter:LogMetricFilter", cloudwatch.LogMetricFilterArgs{}, cloudwatch.LogMetricFilter{},
			"{name}", "", "logGroupName name"),
		row("cloudwatch/logResourcePolicy:LogResourcePolicy", cloudwatch.LogResourcePolicyArgs{}, cloudwatch.LogResourcePolicy{},
			"{policyName}", "", "policyName"),
		row("cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", cloudwatch.LogSubscriptionFilterArgs{},
			cloudwatch.LogSubscriptionFilter{}, "cwlsf-{10}", "", "logGroup name"),
		row("cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", cloudwatch.LogDataProtectionPolicyArgs{},
			cloudwatch.LogDataProtectionPolicy{}, "{logGroupName}", "", "logGroupName"),
		row("cloudwatch/metricAlarm:MetricAlarm", cloudwatch.MetricAlarmArgs{}, cloudwatch.MetricAlarm{}, "{name}",
			"cloudwatch:alarm:{name}", "name"),
		row("cloudwatch/compositeAlarm:CompositeAlarm", cloudwatch.CompositeAlarmArgs{}, cloudwatch.CompositeAlarm{},
			"{alarmName}", "cloudwatch:alarm:{alarmName}", "alarmName"),
		row("cloudwatch/dashboard:Dashboard", cloudwatch.DashboardArgs{}, cloudwatch.Dashboard{}, "{dashboardName}", "",
			"dashboardName", outputs{"dashboardArn": "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}"}),
		row("cloudwatch/queryDefinition:QueryDefinition", cloudwatch.QueryDefinitionArgs{}, cloudwatch.QueryDefinition{},
			"{uuid}", "", "", outputs{"queryDefinitionId": "{id}"}),
		row("cloudwatch/eventBus:EventBus", cloudwatch.EventBusArgs{}, cloudwatch.EventBus{}, "{name}",
			"events:event-bus/{name}", "name eventSourceName"),
		row("cloudwatch/eventRule:EventRule", cloudwatch.EventRuleArgs{}, cloudwatch.EventRule{}, "{name}",
			"events:rule/{name}", "eventBusName name namePrefix"),
		row("cloudwatch/eventTarget:EventTarget", cloudwatch.EventTargetArgs{}, cloudwatch.EventTarget{}, "{rule}-{10}", "",
			"eventBusName rule targetId", outputs{"targetId": givenOr("targetId", "target-1")}),
		row("sns/topic:Topic", sns.TopicArgs{}, sns.Topic{}, "{arn}", "sns:{name}", "fifoTopic name namePrefix",
			outputs{"beginningArchiveTime": ""}),
		row("sns/topicPolicy:TopicPolicy", sns.TopicPolicyArgs{}, sns.TopicPolicy{}, "{arn}", "", "arn",
			outputs{"arn": givenOr("arn", "")}),
		row("sns/topicSubscription:TopicSubscription", sns.TopicSubscriptionArgs{}, sns.TopicSubscription{}, "{topic}:{uuid}",
			"", "endpoint protocol topic", outputs{"arn": "{id}"}),
		row("sqs/queue:Queue", sqs.QueueArgs{}, sqs.Queue{}, "https://sqs.{region}.amazonaws.com/{account}/{name}",
			"sqs:{name}", "fifoQueue name namePrefix", outputs{"url": "{id}"}),
		row("sqs/queuePolicy:QueuePolicy", sqs.QueuePolicyArgs{}, sqs.QueuePolicy{}, "{queueUrl}", "", "queueUrl"),
		row("sqs/redrivePolicy:RedrivePolicy", sqs.RedrivePolicyArgs{}, sqs.RedrivePolicy{}, "{queueUrl}", "", "queueUrl"),
		row("sqs/redriveAllowPolicy:RedriveAllowPolicy", sqs.RedriveAllowPolicyArgs{}, sqs.RedriveAllowPolicy{},
			"{queueUrl}", "", "queueUrl"),
		row("backup/vault:Vault", backup.VaultArgs{}, backup.Vault{}, "{name}", "backup:backup-vault:{name}",
			"kmsKeyArn name"),
		row("backup/plan:Plan", backup.PlanArgs{}, backup.Plan{}, "{uuid}", "backup:backup-plan:{id}", "",
			outputs{"version": "{uuid}"}),
		row("backup/selection:Selection", backup.SelectionArgs{}, backup.Selection{}, "{uuid}", "",
			"conditions iamRoleArn name notResources planId resources selectionTags"),
		row("backup/vaultLockConfiguration:VaultLockConfiguration", backup.VaultLockConfigurationArgs{},
			backup.VaultLockConfiguration{}, "{backupVaultName}", "",
			"backupVaultName changeableForDays maxRetentionDays minRetentionDays", vaultARN),
		row("backup/vaultNotifications:VaultNotifications", backup.VaultNotificationsArgs{}, backup.VaultNotifications{},
			"{backupVaultName}", "", "backupVaultEvents backupVaultName snsTopicArn", vaultARN),
		row("backup/vaultPolicy:VaultPolicy", backup.VaultPolicyArgs{}, backup.VaultPolicy{}, "{backupVaultName}", "",
			"backupVaultName", vaultARN),
		row("backup/framework:Framework", backup.FrameworkArgs{}, backup.Framework{}, "{name}", "backup:framework:{name}-{uuid}",
			"name", outputs{"deploymentStatus": "COMPLETED"}),
		row("backup/reportPlan:ReportPlan", backup.ReportPlanArgs{}, backup.ReportPlan{}, "{name}",
			"backup:report-plan:{name}-{uuid}", "name", outputs{"deploymentStatus": "COMPLETED"}),
		row("backup/restoreTestingPlan:RestoreTestingPlan", backup.RestoreTestingPlanArgs{}, backup.RestoreTestingPlan{},
			"{name}", "backup:restore-testing-plan:{name}-{uuid}", "name"),
		row("backup/restoreTestingSelection:RestoreTestingSelection", backup.RestoreTestingSelectionArgs{},
			backup.RestoreTestingSelection{}, "{name}", "", "name protectedResourceType restoreTestingPlanName"),
		row("ssm/parameter:Parameter", ssm.ParameterArgs{}, ssm.Parameter{}, "{name}", "ssm:parameter/{name}", "name dataType",
			outputs{"arn": parameterARN, "version": 1}),
		row("ssm/document:Document", ssm.DocumentArgs{}, ssm.Document{}, "{name}", "ssm:document/{name}", "name",
			outputs{
				"status": "Active", "defaultVersion": "1", "documentVersion": "1", "latestVersion": "1", "schemaVersion": "2.2",
				"platformTypes": []any{"Linux"}, "parameters": []any{}, "hashType": "Sha256", "hash": "{64}",
			}),
		row("ssm/association:Association", ssm.AssociationArgs{}, ssm.Association{}, "{uuid}", "ssm:association/{id}",
			"automationTargetParameterName instanceId name", outputs{"associationId": "{id}"}),
		row("ssm/maintenanceWindow:MaintenanceWindow", ssm.MaintenanceWindowArgs{}, ssm.MaintenanceWindow{}, "mw-{17}", "", ""),
		row("ssm/maintenanceWindowTarget:MaintenanceWindowTarget", ssm.MaintenanceWindowTargetArgs{},
			ssm.MaintenanceWindowTarget{}, "{uuid}", "", "resourceType windowId"),
		row("ssm/maintenanceWindowTask:MaintenanceWindowTask", ssm.MaintenanceWindowTaskArgs{}, ssm.MaintenanceWindowTask{},
			"{uuid}", "ssm:windowtask/{id}", "taskType windowId", outputs{"windowTaskId": "{id}"}),
		row("ssm/patchBaseline:PatchBaseline", ssm.PatchBaselineArgs{}, ssm.PatchBaseline{}, "pb-{17}",
			"ssm:patchbaseline/{id}", "operatingSystem", outputs{"json": "{}"}),
		row("ssm/patchGroup:PatchGroup", ssm.PatchGroupArgs{}, ssm.PatchGroup{}, "{patchGroup},{baselineId}", "",
			"baselineId patchGroup"),
	}
}

// vaultARN is the output of the resources that belong to a backup vault.
var vaultARN = outputs{"backupVaultArn": "arn:{partition}:backup:{region}:{account}:backup-vault:{backupVaultName}"}

// parameterARN joins a parameter's name, which may begin with a slash.
func parameterARN(o *fake.Object) any {
	name := o.Expand("", "{name}")
	if name != "" && name[0] != '/' {
		name = "/" + name
	}
	return o.Expand("arn", "arn:{partition}:ssm:{region}:{account}:parameter") + name
}
