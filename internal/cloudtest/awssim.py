"""The AWS simulator with more of what a storefront asks for.

Usage: awssim.py BASE ARGUMENTS...

BASE is the simulator's own start file, ARGUMENTS are moto_server's. What is
added answers as AWS's API reference says and remembers what it was told, no
more; without it most tiers could not be tried, since they wait for an answer.
"""

import base64
import datetime
import hashlib
import importlib.util
import itertools
import json
import sys

spec = importlib.util.spec_from_file_location("awssim_base", sys.argv[1])
base = importlib.util.module_from_spec(spec)
spec.loader.exec_module(base)

import moto.cloudfront.models as cloudfront_models  # noqa: E402
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse  # noqa: E402
from moto.autoscaling.models import FakeScalingPolicy  # noqa: E402
from moto.autoscaling.responses import AutoScalingResponse  # noqa: E402
from moto.cloudfront import urls as cloudfront_urls  # noqa: E402
from moto.cloudfront.responses import CloudFrontResponse  # noqa: E402
from moto.core.exceptions import ServiceException  # noqa: E402
from moto.core.responses import ActionResult, EmptyResult  # noqa: E402
from moto.ec2.models.launch_templates import LaunchTemplateVersion  # noqa: E402
from moto.ec2.models.vpn_connections import VPNConnection  # noqa: E402
from moto.ec2.responses import EC2Response  # noqa: E402
from moto.efs.responses import EFSResponse  # noqa: E402
from moto.elasticache.models import ElastiCacheBackend  # noqa: E402
from moto.elasticache.responses import ElastiCacheResponse  # noqa: E402
from moto.rds.models import DBCluster, RDSBackend  # noqa: E402
from moto.rds.responses import RDSResponse  # noqa: E402

LONG_AGO = datetime.datetime(2026, 1, 1)


class Missing(ServiceException):
    """An error with the code by which a provider knows that a thing is gone."""

    def __init__(self, code):
        self.code = code
        super().__init__("There is none.")


def missing(code):
    return Missing(code)


# ElastiCache parameter groups -------------------------------------------------

parameter_groups = {}


def group_of(self):
    name = self._get_params().get("CacheParameterGroupName")
    if name not in parameter_groups:
        raise missing("CacheParameterGroupNotFound")
    return name, parameter_groups[name]


def create_cache_parameter_group(self):
    p = self._get_params()
    name = p["CacheParameterGroupName"]
    parameter_groups[name] = {
        "values": {},
        "tags": p.get("Tags") or [],
        "shape": {
            "CacheParameterGroupName": name,
            "CacheParameterGroupFamily": p["CacheParameterGroupFamily"],
            "Description": p.get("Description"),
            "IsGlobal": False,
            "ARN": f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}",
        },
    }
    return ActionResult({"CacheParameterGroup": parameter_groups[name]["shape"]})


def describe_cache_parameter_groups(self):
    return ActionResult({"CacheParameterGroups": [group_of(self)[1]["shape"]]})


def modify_cache_parameter_group(self):
    name, group = group_of(self)
    for v in self._get_params().get("ParameterNameValues") or []:
        group["values"][v["ParameterName"]] = v["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": name})


def reset_cache_parameter_group(self):
    name, group = group_of(self)
    for v in self._get_params().get("ParameterNameValues") or []:
        group["values"].pop(v["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": name})


def describe_cache_parameters(self):
    _, group = group_of(self)
    return ActionResult(
        {
            "Parameters": [
                {"ParameterName": k, "ParameterValue": v, "Source": "user", "DataType": "string", "IsModifiable": True}
                for k, v in group["values"].items()
            ]
        }
    )


def delete_cache_parameter_group(self):
    parameter_groups.pop(group_of(self)[0])
    return EmptyResult()


for f in (
    create_cache_parameter_group,
    describe_cache_parameter_groups,
    modify_cache_parameter_group,
    reset_cache_parameter_group,
    describe_cache_parameters,
    delete_cache_parameter_group,
):
    setattr(ElastiCacheResponse, f.__name__, f)

_cache_tags = ElastiCacheBackend.list_tags_for_resource


def list_cache_tags(self, arn):
    if ":parametergroup:" in arn:
        return {"Tags": parameter_groups[arn.split(":")[-1]]["tags"]}
    return _cache_tags(self, arn)


ElastiCacheBackend.list_tags_for_resource = list_cache_tags


# What was asked for is remembered, so that a second look finds no difference ----

_version = LaunchTemplateVersion.__init__


def launch_template_version(self, template, number, data, description):
    # A template's own tags are no part of what it launches.
    specs = [t for t in data.get("TagSpecifications") or [] if t.get("ResourceType") != "launch-template"]
    data = {**data, "TagSpecifications": specs}
    if not specs:
        del data["TagSpecifications"]
    _version(self, template, number, data, description)


LaunchTemplateVersion.__init__ = launch_template_version

_policy = FakeScalingPolicy.__init__


def scaling_policy(self, *args, **kwargs):
    _policy(self, *args, **kwargs)
    # No policy is predictive that was not asked to be.
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None


FakeScalingPolicy.__init__ = scaling_policy


def remembering_upkeep(call):
    def wrapped(self):
        answer = call(self)
        group = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
        warmup = self._get_int_param("DefaultInstanceWarmup")
        if warmup is not None:
            group.default_instance_warmup = warmup
        policy = self._get_params().get("InstanceMaintenancePolicy")
        if policy:
            group.instance_maintenance_policy = {k: int(v) for k, v in policy.items()}
        return answer

    return wrapped


AutoScalingResponse.create_auto_scaling_group = remembering_upkeep(AutoScalingResponse.create_auto_scaling_group)
AutoScalingResponse.update_auto_scaling_group = remembering_upkeep(AutoScalingResponse.update_auto_scaling_group)

_serverless = DBCluster.scaling_configuration_info.fget
# Only the first generation of serverless clusters has this.
DBCluster.scaling_configuration_info = property(
    lambda self: _serverless(self) if self.engine_mode == "serverless" else None
)


def remembering_insight(create):
    def wrapped(self, kwargs):
        made = create(self, kwargs)
        for name in ("monitoring_interval", "monitoring_role_arn", "performance_insights_kms_key_id"):
            if kwargs.get(name) is not None:
                setattr(made, name, kwargs[name])
        if kwargs.get("enable_performance_insights") is not None:
            made.performance_insights_enabled = kwargs["enable_performance_insights"]
        return made

    return wrapped


def with_resource_id(create):
    """Gives each instance a resource ID of its own, by which a provider finds it."""

    def wrapped(self, kwargs):
        made = create(self, kwargs)
        name = hashlib.sha256(kwargs["db_instance_identifier"].encode()).hexdigest()
        made.dbi_resource_id = "db-" + name[:26].upper()
        return made

    return wrapped


RDSBackend.create_db_cluster = remembering_insight(RDSBackend.create_db_cluster)
RDSBackend.create_db_instance = with_resource_id(remembering_insight(RDSBackend.create_db_instance))


_delete_group = ElastiCacheBackend.delete_replication_group


def delete_replication_group(self, replication_group_id, retain_primary_cluster):
    gone = _delete_group(self, replication_group_id, retain_primary_cluster)
    self.replication_groups.pop(replication_group_id, None)
    return gone


ElastiCacheBackend.delete_replication_group = delete_replication_group


def delete_cache_subnet_group(self):
    self.elasticache_backend.cache_subnet_groups.pop(self._get_params()["CacheSubnetGroupName"], None)
    return EmptyResult()


ElastiCacheResponse.delete_cache_subnet_group = delete_cache_subnet_group


# A scalable target's tags, by its ARN.
target_tags = {}
_register = ApplicationAutoScalingResponse.register_scalable_target


def register_scalable_target(self):
    answer = _register(self)
    if self._get_param("Tags"):
        target_tags[json.loads(answer)["ScalableTargetARN"]] = self._get_param("Tags")
    return answer


def list_target_tags(self):
    return json.dumps({"Tags": target_tags.get(self._get_param("ResourceARN"), {})})


def tag_target(self):
    target_tags.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
    return "{}"


def untag_target(self):
    for key in self._get_param("TagKeys"):
        target_tags.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return "{}"


ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
ApplicationAutoScalingResponse.list_tags_for_resource = list_target_tags
ApplicationAutoScalingResponse.tag_resource = tag_target
ApplicationAutoScalingResponse.untag_resource = untag_target


# RDS Proxy endpoints ----------------------------------------------------------

proxy_endpoints, proxy_tags = {}, {}


def create_db_proxy_endpoint(self):
    p = self.params
    name = p["DBProxyEndpointName"]
    arn = f"arn:aws:rds:{self.region}:{self.current_account}:db-proxy-endpoint:{name}"
    proxy_endpoints[name] = {
        "DBProxyEndpointName": name,
        "DBProxyEndpointArn": arn,
        "DBProxyName": p["DBProxyName"],
        "Status": "available",
        "VpcId": "vpc-1",
        "VpcSecurityGroupIds": p.get("VpcSecurityGroupIds"),
        "VpcSubnetIds": p.get("VpcSubnetIds"),
        "Endpoint": f"{name}.endpoint.proxy.{self.region}.rds.amazonaws.com",
        "TargetRole": p.get("TargetRole"),
        "IsDefault": False,
    }
    proxy_tags[arn] = p.get("Tags") or []
    return ActionResult({"DBProxyEndpoint": proxy_endpoints[name]})


def describe_db_proxy_endpoints(self):
    name = self.params.get("DBProxyEndpointName")
    if name not in proxy_endpoints:
        raise missing("DBProxyEndpointNotFoundFault")
    return ActionResult({"DBProxyEndpoints": [proxy_endpoints[name]]})


def delete_db_proxy_endpoint(self):
    gone = proxy_endpoints.pop(self.params["DBProxyEndpointName"])
    return ActionResult({"DBProxyEndpoint": {**gone, "Status": "deleting"}})


_rds_tags = RDSResponse.list_tags_for_resource


def list_rds_tags(self):
    arn = self.params.get("ResourceName")
    if arn in proxy_tags:
        return ActionResult({"TagList": proxy_tags[arn]})
    return _rds_tags(self)


RDSResponse.create_db_proxy_endpoint = create_db_proxy_endpoint
RDSResponse.describe_db_proxy_endpoints = describe_db_proxy_endpoints
RDSResponse.delete_db_proxy_endpoint = delete_db_proxy_endpoint
RDSResponse.list_tags_for_resource = list_rds_tags


# CloudFront policies and functions --------------------------------------------

policies, policy_ids = {}, itertools.count(1)


def policy_calls(kind, shape, missing_code):
    """create, get, update and delete of one kind of CloudFront policy."""
    config = shape + "Config"

    def answer(self, name):
        if name not in policies:
            raise missing(missing_code)
        body = {"Id": name, config: policies[name], "LastModifiedTime": LONG_AGO}
        return ActionResult({shape: body, "ETag": "E1"})

    def create(self):
        name = f"{kind}-{next(policy_ids):04d}"
        policies[name] = self._get_param(config)
        return answer(self, name)

    def get(self):
        return answer(self, self._get_param("Id"))

    def update(self):
        policies[self._get_param("Id")] = self._get_param(config)
        return get(self)

    def delete(self):
        policies.pop(self._get_param("Id"), None)
        return EmptyResult()

    for verb, call in (("create", create), ("get", get), ("update", update), ("delete", delete)):
        setattr(CloudFrontResponse, f"{verb}_{kind}", call)


policy_calls("cache_policy", "CachePolicy", "NoSuchCachePolicy")
policy_calls("response_headers_policy", "ResponseHeadersPolicy", "NoSuchResponseHeadersPolicy")

functions = {}


def function_of(self):
    name = self._get_param("Name")
    if name not in functions:
        raise missing("NoSuchFunctionExists")
    return name


def summary(self, stage):
    name = self._get_param("Name")
    return {
        "Name": name,
        "Status": "DEPLOYED",
        "FunctionConfig": functions[name]["config"],
        "FunctionMetadata": {
            "FunctionARN": f"arn:aws:cloudfront::{self.current_account}:function/{name}",
            "Stage": stage,
            "CreatedTime": LONG_AGO,
            "LastModifiedTime": LONG_AGO,
        },
    }


def create_function(self):
    code = self._get_param("FunctionCode")
    if isinstance(code, str):
        code = base64.b64decode(code)
    functions[self._get_param("Name")] = {"config": self._get_param("FunctionConfig"), "code": code}
    return ActionResult({"FunctionSummary": summary(self, "DEVELOPMENT"), "ETag": "E1"})


def describe_function(self):
    function_of(self)
    return ActionResult({"FunctionSummary": summary(self, self._get_param("Stage") or "DEVELOPMENT"), "ETag": "E1"})


def get_function(self):
    code = functions[function_of(self)]["code"]
    return ActionResult({"FunctionCode": code, "ETag": "E1", "ContentType": "application/octet-stream"})


def publish_function(self):
    function_of(self)
    return ActionResult({"FunctionSummary": summary(self, "LIVE")})


def delete_function(self):
    functions.pop(function_of(self))
    return EmptyResult()


for f in (create_function, describe_function, get_function, publish_function, delete_function):
    setattr(CloudFrontResponse, f.__name__, f)
CloudFrontResponse.update_function = create_function

for path in (
    "cache-policy$",
    "cache-policy/(?P<policy>[^/]+)$",
    "response-headers-policy$",
    "response-headers-policy/(?P<policy>[^/]+)$",
    "function$",
    "function/(?P<name>[^/]+)$",
    "function/(?P<name>[^/]+)/describe$",
    "function/(?P<name>[^/]+)/publish$",
):
    cloudfront_urls.url_paths["{0}/2020-05-31/" + path] = CloudFrontResponse.dispatch

# A behaviour remembers the functions that it calls, and forwards by its policies
# alone where it was given no values to forward.
_behaviour = cloudfront_models.DefaultCacheBehaviour.__init__


def remembering_behaviour(self, config):
    _behaviour(self, config)
    items = (config.get("FunctionAssociations") or {}).get("Items") or []
    self.function_associations = {"Quantity": len(items), "Items": items}
    if not config.get("ForwardedValues"):
        self.forwarded_values = None


cloudfront_models.DefaultCacheBehaviour.__init__ = remembering_behaviour

_certificate = cloudfront_models.ViewerCertificate.__init__


def viewer_certificate(self, config):
    _certificate(self, config)
    own = bool(self.acm_certificate_arn or self.iam_certificate_id)
    self.cloud_front_default_certificate = not own
    self.certificate_source = "acm" if own else "cloudfront"


cloudfront_models.ViewerCertificate.__init__ = viewer_certificate


# EFS backup policy --------------------------------------------------------------


def put_backup_policy(self):
    name = self._get_param("FileSystemId")
    policy = self._get_param("BackupPolicy")
    backup_policies[name] = policy
    return '{"BackupPolicy": {"Status": "%s"}}' % policy["Status"]


def describe_backup_policy(self):
    name = self._get_param("FileSystemId")
    if name not in backup_policies:
        raise missing("PolicyNotFound")
    return '{"BackupPolicy": {"Status": "%s"}}' % backup_policies[name]["Status"]


def delete_file_system_policy(self):
    self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")].file_system_policy = None
    return "{}"


backup_policies = {}
EFSResponse.delete_file_system_policy = delete_file_system_policy
EFSResponse.put_backup_policy = put_backup_policy
EFSResponse.describe_backup_policy = describe_backup_policy


# Client VPN -----------------------------------------------------------------------

vpns, vpn_ids = {}, itertools.count(1)


def new_id(prefix):
    return f"{prefix}-{next(vpn_ids):017x}"


def vpn_of(self):
    name = self._get_param("ClientVpnEndpointId")
    if name not in vpns:
        raise missing("InvalidClientVpnEndpointId.NotFound")
    return vpns[name]


def create_client_vpn_endpoint(self):
    p = self._get_params()
    name = new_id("cvpn-endpoint")
    tags = self._parse_tag_specification().get("client-vpn-endpoint", {})
    authentication = []
    for a in p.get("Authentication") or p.get("AuthenticationOptions") or []:
        mutual = a.get("MutualAuthentication") or {}
        authentication.append(
            {
                "Type": a["Type"],
                "MutualAuthentication": {"ClientRootCertificateChain": mutual.get("ClientRootCertificateChainArn")},
            }
        )
    logs = p.get("ConnectionLogOptions") or {}
    vpns[name] = {
        "associations": {},
        "rules": {},
        "shape": {
            "ClientVpnEndpointId": name,
            "Description": p.get("Description"),
            "Status": {"Code": "pending-associate"},
            "DnsName": f"*.{name}.prod.clientvpn.{self.region}.amazonaws.com",
            "ClientCidrBlock": p.get("ClientCidrBlock"),
            "DnsServers": p.get("DnsServers") or [],
            "SplitTunnel": p.get("SplitTunnel") in (True, "true"),
            "VpnProtocol": "openvpn",
            "TransportProtocol": p.get("TransportProtocol") or "udp",
            "VpnPort": int(p.get("VpnPort") or 443),
            "ServerCertificateArn": p.get("ServerCertificateArn"),
            "AuthenticationOptions": authentication,
            "ConnectionLogOptions": {
                "Enabled": logs.get("Enabled") in (True, "true"),
                "CloudwatchLogGroup": logs.get("CloudwatchLogGroup"),
                "CloudwatchLogStream": logs.get("CloudwatchLogStream"),
            },
            "SecurityGroupIds": p.get("SecurityGroupIds") or p.get("SecurityGroupId") or [],
            "VpcId": p.get("VpcId"),
            "SessionTimeoutHours": int(p.get("SessionTimeoutHours") or 24),
            "ClientConnectOptions": {"Enabled": False},
            "ClientLoginBannerOptions": {"Enabled": False},
            "ClientRouteEnforcementOptions": {"Enforced": False},
            "DisconnectOnSessionTimeout": False,
            "Tags": [{"Key": k, "Value": v} for k, v in tags.items()],
        },
    }
    shape = vpns[name]["shape"]
    return ActionResult({"ClientVpnEndpointId": name, "Status": shape["Status"], "DnsName": shape["DnsName"]})


def describe_client_vpn_endpoints(self):
    wanted = self._get_param("ClientVpnEndpointIds") or self._get_param("ClientVpnEndpointId") or []
    if isinstance(wanted, str):
        wanted = [wanted]
    if any(name not in vpns for name in wanted):
        raise missing("InvalidClientVpnEndpointId.NotFound")
    return ActionResult({"ClientVpnEndpoints": [vpns[n]["shape"] for n in wanted or vpns]})


def modify_client_vpn_endpoint(self):
    vpn_of(self)
    return ActionResult({"Return": True})


def delete_client_vpn_endpoint(self):
    vpns.pop(vpn_of(self)["shape"]["ClientVpnEndpointId"])
    return ActionResult({"Status": {"Code": "deleting"}})


def associate_client_vpn_target_network(self):
    vpn, name = vpn_of(self), new_id("cvpn-assoc")
    vpn["associations"][name] = {
        "AssociationId": name,
        "VpcId": vpn["shape"]["VpcId"],
        "TargetNetworkId": self._get_param("SubnetId"),
        "ClientVpnEndpointId": vpn["shape"]["ClientVpnEndpointId"],
        "Status": {"Code": "associated"},
        "SecurityGroups": vpn["shape"]["SecurityGroupIds"],
    }
    vpn["shape"]["Status"] = {"Code": "available"}
    return ActionResult({"AssociationId": name, "Status": {"Code": "associating"}})


def describe_client_vpn_target_networks(self):
    vpn = vpn_of(self)
    wanted = self._get_param("AssociationIds") or list(vpn["associations"])
    found = [vpn["associations"][n] for n in wanted if n in vpn["associations"]]
    return ActionResult({"ClientVpnTargetNetworks": found})


def disassociate_client_vpn_target_network(self):
    name = self._get_param("AssociationId")
    vpn_of(self)["associations"].pop(name, None)
    return ActionResult({"AssociationId": name, "Status": {"Code": "disassociating"}})


def authorize_client_vpn_ingress(self):
    vpn, cidr = vpn_of(self), self._get_param("TargetNetworkCidr")
    vpn["rules"][cidr] = {
        "ClientVpnEndpointId": vpn["shape"]["ClientVpnEndpointId"],
        "Description": self._get_param("Description"),
        "GroupId": self._get_param("AccessGroupId") or "",
        "AccessAll": True,
        "DestinationCidr": cidr,
        "Status": {"Code": "active"},
    }
    return ActionResult({"Status": {"Code": "authorizing"}})


def describe_client_vpn_authorization_rules(self):
    return ActionResult({"AuthorizationRules": list(vpn_of(self)["rules"].values())})


def revoke_client_vpn_ingress(self):
    vpn_of(self)["rules"].pop(self._get_param("TargetNetworkCidr"), None)
    return ActionResult({"Status": {"Code": "revoking"}})


for f in (
    create_client_vpn_endpoint,
    describe_client_vpn_endpoints,
    modify_client_vpn_endpoint,
    delete_client_vpn_endpoint,
    associate_client_vpn_target_network,
    describe_client_vpn_target_networks,
    disassociate_client_vpn_target_network,
    authorize_client_vpn_ingress,
    describe_client_vpn_authorization_rules,
    revoke_client_vpn_ingress,
):
    setattr(EC2Response, f.__name__, f)


# Site-to-site VPN -----------------------------------------------------------------

_vpn_connection = EC2Response.create_vpn_connection


def create_vpn_connection(self):
    answer = _vpn_connection(self)
    made, asked = answer.result["VpnConnection"], self._get_param("Options") or {}
    made.routes = []
    made.options = {
        "StaticRoutesOnly": asked.get("StaticRoutesOnly") in (True, "true"),
        "EnableAcceleration": False,
        "LocalIpv4NetworkCidr": "0.0.0.0/0",
        "RemoteIpv4NetworkCidr": "0.0.0.0/0",
        "OutsideIpAddressType": "PublicIpv4",
        "TunnelInsideIpVersion": "ipv4",
        # Both tunnels end at the address that the simulator writes into the
        # customer gateway's configuration.
        "TunnelOptions": [
            {"OutsideIpAddress": "52.2.144.13", "IkeVersions": tunnel.get("IKEVersions") or tunnel.get("IkeVersions") or []}
            for tunnel in asked.get("TunnelOptions") or []
        ],
    }
    return answer


def create_vpn_connection_route(self):
    connection = self.ec2_backend.vpn_connections[self._get_param("VpnConnectionId")]
    cidr = self._get_param("DestinationCidrBlock")
    connection.routes.append({"DestinationCidrBlock": cidr, "State": "available", "Source": "Static"})
    return EmptyResult()


def delete_vpn_connection_route(self):
    connection = self.ec2_backend.vpn_connections[self._get_param("VpnConnectionId")]
    cidr = self._get_param("DestinationCidrBlock")
    connection.routes = [r for r in connection.routes if r["DestinationCidrBlock"] != cidr]
    return EmptyResult()


_connection_filter = VPNConnection.get_filter_value


def connection_filter(self, filter_name, method_name=None):
    if filter_name == "route.destination-cidr-block":
        return [r["DestinationCidrBlock"] for r in getattr(self, "routes", [])]
    if filter_name == "vpn-connection-id":
        return self.id
    return _connection_filter(self, filter_name, method_name)


def enable_vgw_route_propagation(self):
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    gateways = getattr(table, "propagating_vgws", [])
    table.propagating_vgws = gateways + [{"GatewayId": self._get_param("GatewayId")}]
    return EmptyResult()


def disable_vgw_route_propagation(self):
    table = self.ec2_backend.get_route_table(self._get_param("RouteTableId"))
    gone = self._get_param("GatewayId")
    table.propagating_vgws = [g for g in getattr(table, "propagating_vgws", []) if g["GatewayId"] != gone]
    return EmptyResult()


VPNConnection.get_filter_value = connection_filter
for f in (
    create_vpn_connection,
    create_vpn_connection_route,
    delete_vpn_connection_route,
    enable_vgw_route_propagation,
    disable_vgw_route_propagation,
):
    setattr(EC2Response, f.__name__, f)


if __name__ == "__main__":
    sys.exit(base.main(sys.argv[2:]))
