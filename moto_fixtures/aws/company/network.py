"""Networks: a sound one, one with everything wrong, and the file systems functions mount."""

from typing import Any

from moto_fixtures.aws.company.deploy_context import HOME, Workbench, policy


def networks(bench: Workbench) -> None:
    """The sound network (two zones, endpoints, flow logs) and the old one (public, open, unlogged)."""
    ec2 = bench.client("ec2")
    sound = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    for zone in ("a", "b"):
        _subnet(bench, sound, f"private-{zone}", f"10.20.{ord(zone) - 96}.0/24", zone)
    _subnet(bench, sound, "tiny", "10.20.9.0/28", "a")
    _subnet(bench, sound, "tiny-b", "10.20.9.16/28", "b")
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [sound]}])["RouteTables"]
    _endpoints(bench, sound, tables[0]["RouteTableId"])
    ec2.create_flow_logs(
        ResourceIds=[sound],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=bench.made["bucket:audit-logs"],
    )
    bench.made["group:narrow"] = _group(ec2, sound, "functions-narrow")
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=bench.made["group:narrow"], IpPermissions=everything)
    inside = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}
    ec2.authorize_security_group_egress(GroupId=bench.made["group:narrow"], IpPermissions=[inside])
    bench.made["group:wide-out"] = _group(ec2, sound, "functions-any-egress")
    bench.made["group:wide-in"] = _group(ec2, sound, "functions-open-ingress")
    door = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=bench.made["group:wide-in"], IpPermissions=[door])
    bench.made["group:doomed"] = _group(ec2, sound, "functions-retired")
    _old_network(bench)


def _old_network(bench: Workbench) -> None:
    ec2 = bench.client("ec2")
    old = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=old)
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [old]}])["RouteTables"]
    table = tables[0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    _subnet(bench, old, "public-a", "10.99.1.0/24", "a")
    _subnet(bench, old, "public-b", "10.99.2.0/24", "b")
    bench.made["group:old"] = _group(ec2, old, "old-shop")


def _subnet(bench: Workbench, vpc: str, name: str, cidr: str, zone: str) -> None:
    ec2 = bench.client("ec2")
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"{HOME}{zone}")
    bench.made[f"subnet:{name}"] = made["Subnet"]["SubnetId"]


def _group(ec2: Any, vpc: str, name: str) -> str:
    return str(ec2.create_security_group(GroupName=name, Description=f"Fernhollow {name}", VpcId=vpc)["GroupId"])


def _endpoints(bench: Workbench, vpc: str, table: str) -> None:
    ec2 = bench.client("ec2")
    for service in ("s3", "dynamodb"):
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{HOME}.{service}",
            VpcEndpointType="Gateway",
            RouteTableIds=[table],
        )
    for service in ("secretsmanager", "sts", "ssm", "kms", "sqs", "logs"):
        ec2.create_vpc_endpoint(
            VpcId=vpc,
            ServiceName=f"com.amazonaws.{HOME}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=[bench.made["subnet:private-a"], bench.made["subnet:private-b"]],
        )


def file_systems(bench: Workbench) -> None:
    """An encrypted file system behind a narrow access point, and an open one mounted at its root by root."""
    efs = bench.client("efs")
    good = efs.create_file_system(CreationToken="exports", Encrypted=True)["FileSystemId"]
    secure = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    efs.put_file_system_policy(FileSystemId=good, Policy=policy(secure))
    owner = {"OwnerUid": 1001, "OwnerGid": 1001, "Permissions": "750"}
    point = efs.create_access_point(
        ClientToken="exports",
        FileSystemId=good,
        PosixUser={"Uid": 1001, "Gid": 1001},
        RootDirectory={"Path": "/exports", "CreationInfo": owner},
    )
    bench.made["mount:exports"] = point["AccessPointArn"]
    bad = efs.create_file_system(CreationToken="media", Encrypted=False)["FileSystemId"]
    anyone = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientRootAccess"],
        "Resource": "*",
    }
    efs.put_file_system_policy(FileSystemId=bad, Policy=policy(anyone))
    point = efs.create_access_point(ClientToken="media", FileSystemId=bad, RootDirectory={"Path": "/"})
    bench.made["mount:media"] = point["AccessPointArn"]
