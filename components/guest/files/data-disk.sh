#!/bin/bash
# Finds the data disk, formats it when there is nothing at all on it, and mounts
# it by its label. A disk that holds anything else is left alone, and this fails.
set -euo pipefail
label='{{.Label}}'
mount_point='{{.MountPoint}}'
by_label="/dev/disk/by-label/$label"
{{- if .VolumeID}}

# The instance attaches its own volume; a predecessor may still be letting go.
attach() {
  local token id
  token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
  id=$(curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)
  aws --region '{{.Region}}' ec2 attach-volume --volume-id '{{.VolumeID}}' --instance-id "$id" --device '{{.Device}}' >/dev/null
}
find_device() { readlink -e '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{{.Serial}}' || readlink -e '{{.Device}}'; }
for _ in $(seq 60); do
  find_device >/dev/null && break
  attach || true
  sleep 5
done
{{- else}}
find_device() { readlink -e '{{.Device}}'; }
{{- end}}

if mountpoint -q "$mount_point"; then
  exit 0
fi
udevadm settle || true
if [[ ! -e $by_label ]]; then
  for _ in $(seq 60); do
    find_device >/dev/null && break
    sleep 2
  done
  device=$(find_device) || { echo "data disk {{.Device}} did not appear" >&2; exit 1; }
  # blkid -p ends with 2 only where it finds neither file system, nor partition table, nor RAID member.
  found=0
  blkid -p "$device" >/dev/null || found=$?
  if [[ $found -ne 2 ]]; then
    echo "data disk $device holds something that is not labelled $label; it stays as it is" >&2
    exit 1
  fi
{{- if eq .FileSystem "xfs"}}
  mkfs.xfs -q -L "$label" "$device"
{{- else}}
  mkfs.ext4 -q -m 1 -L "$label" "$device"
{{- end}}
  udevadm settle || true
fi
mkdir -p "$mount_point"
if ! grep -q "^LABEL=$label " /etc/fstab; then
  echo "LABEL=$label $mount_point {{.FileSystem}} defaults,noatime,nodev,nosuid,nofail,x-systemd.device-timeout=5min 0 2" >>/etc/fstab
fi
systemctl daemon-reload
mount "$mount_point"
