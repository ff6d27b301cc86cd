package sample

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// tabs are the sheets, with RVTools 4's columns in RVTools' order. A column that
// this estate has nothing to say of stays empty, as in real exports.
var tabs = []tab{
	{"vInfo", columns("VM|Powerstate|Template|SRM Placeholder|Config status|DNS Name|Connection state|Guest state|Heartbeat|Consolidation Needed|"+
		"PowerOn|Suspended To Memory|Suspend time|Suspend Interval|Creation date|Change Version|CPUs|Overall Cpu Readiness|Memory|Active Memory|NICs|Disks|"+
		"Total disk capacity MiB|Fixed Passthru HotPlug|min Required EVC Mode Key|Latency Sensitivity|Op Notification Timeout|EnableUUID|CBT|Primary IP Address|"+
		"Network #1|Network #2|Num Monitors|Video Ram KiB|Resource pool|Folder ID|Folder|vApp|DAS protection|FT State|Provisioned MiB|In Use MiB|Unshared MiB|"+
		"HA Restart Priority|HA Isolation Response|HA VM Monitoring|Cluster rule(s)|Cluster rule name(s)|Boot Required|Boot delay|Boot retry delay|"+
		"Boot retry enabled|Boot BIOS setup|Reboot PowerOff|EFI Secure boot|Firmware|HW version|HW upgrade status|HW upgrade policy|HW target|Path|Annotation", vmEnd,
		"SMBIOS UUID|VM UUID|VI SDK Server type|VI SDK API Version|VI SDK Server|VI SDK UUID"), (*site).infoRows},
	{"vCPU", columns("VM|Powerstate|Template|SRM Placeholder|CPUs|Sockets|Cores p/s|Max|Overall|Level|Shares|Reservation|Entitlement|DRS Entitlement|Limit|"+
		"Hot Add|Hot Remove|Numa Hotadd Exposed|Annotation", vmEnd, sdkEnd), (*site).cpuRows},
	{"vMemory", columns("VM|Powerstate|Template|SRM Placeholder|Size MiB|Memory Reservation Locked To Max|Overhead|Max|Consumed|Consumed Overhead|Private|"+
		"Shared|Swapped|Ballooned|Active|Entitlement|DRS Entitlement|Level|Shares|Reservation|Limit|Hot Add|Annotation", vmEnd, sdkEnd), (*site).memoryRows},
	{"vDisk", columns("VM|Powerstate|Template|SRM Placeholder|Disk|Disk Key|Disk UUID|Disk Path|Capacity MiB|Raw|Disk Mode|Sharing mode|Thin|Eagerly Scrub|"+
		"Split|Write Through|Level|Shares|Reservation|Limit|Controller|Label|SCSI Unit #|Unit #|Shared Bus|Path|Raw LUN ID|Raw Comp. Mode|Annotation", vmEnd, sdkEnd), (*site).diskRows},
	{"vPartition", columns("VM|Powerstate|Template|SRM Placeholder|Disk Key|Disk|Capacity MiB|Consumed MiB|Free MiB|Free %|Annotation", vmEnd, sdkEnd), (*site).partitionRows},
	{"vNetwork", columns("VM|Powerstate|Template|SRM Placeholder|NIC label|Adapter|Network|Switch|Connected|Starts Connected|Mac Address|Type|IPv4 Address|"+
		"IPv6 Address|Direct Path IO|Annotation", vmEnd, sdkEnd), (*site).networkRows},
	{"vSnapshot", columns("VM|Powerstate|Name|Description|Date / time|Filename|Size MiB (vmsn)|Size MiB (total)|Quiesced|State|Annotation", vmEnd, sdkEnd), (*site).snapshotRows},
	{"vTools", columns("VM|Powerstate|Template|SRM Placeholder|VM Version|Tools|Tools Version|Required Version|Upgradeable|Upgrade Policy|Sync time|App status|"+
		"Heartbeat status|Kernel Crash state|Operation Ready|State change support|Interactive Guest|Annotation", vmEnd, sdkEnd), (*site).toolsRows},
	{"vCluster", columns("Name|Config status|OverallStatus|NumHosts|numEffectiveHosts|TotalCpu|NumCpuCores|NumCpuThreads|Effective Cpu|TotalMemory|" +
		"Effective Memory|Num VMotions|HA enabled|Failover Level|AdmissionControlEnabled|Host monitoring|Isolation Response|Restart Priority|VM Monitoring|" +
		"DRS enabled|DRS default VM behavior|DRS vmotion rate|DPM enabled|VI SDK Server|VI SDK UUID"), (*site).clusterRows},
	{"vHost", columns("Host|Datacenter|Cluster|Config status|in Maintenance Mode|in Quarantine Mode|CPU Model|Speed|HT Available|HT Active|# CPU|Cores per CPU|" +
		"# Cores|CPU usage %|# Memory|Memory usage %|Console|# NICs|# HBAs|# VMs total|# VMs|VMs per Core|# vCPUs|vCPUs per Core|vRAM|VM Memory Swapped|" +
		"VM Memory Ballooned|Current EVC|Max EVC|ESX Version|Boot time|DNS Servers|DHCP|Domain|NTP Server(s)|NTPD running|Time Zone|Time Zone Name|GMT Offset|" +
		"Vendor|Model|Serial number|Service tag|BIOS Version|BIOS Date|VI SDK Server|VI SDK UUID"), (*site).hostRows},
	{"vDatastore", columns("Name|Config status|Address|Accessible|Type|# VMs total|# VMs|Capacity MiB|Provisioned MiB|In Use MiB|Free MiB|Free %|SIOC enabled|" +
		"# Hosts|Hosts|Block size|Major Version|Version|VI SDK Server|VI SDK UUID"), (*site).storeRows},
	{"vHealth", columns("Name|Message|Message type|VI SDK Server|VI SDK UUID"), (*site).healthRows},
	{"vMetaData", columns("RVTools major version|RVTools version|xlsx creation datetime|Server"), (*site).metaRows},
}

const (
	vmEnd  = "Datacenter|Cluster|Host|OS according to the configuration file|OS according to the VMware Tools|VM ID"
	sdkEnd = "VM UUID|VI SDK Server|VI SDK UUID"
	center = "vcenter01." + domain
	// centerUUID is the vCenter's own, the same for every seed.
	centerUUID = "5d1f27a0-8c4e-4b6f-9a3d-2f6f0e7b91c4"
)

func columns(lists ...string) []string { return strings.Split(strings.Join(lists, "|"), "|") }

// stamp writes a time as RVTools does.
func stamp(t time.Time) string { return t.Format("2006/01/02 15:04:05") }

// vmRows gives every server's cells that all tabs repeat, with those of one tab.
func (s *site) vmRows(cells func(m *machine, row map[string]any)) (rows []map[string]any) {
	for n, m := range s.servers {
		row := s.vmRow(n, m)
		cells(m, row)
		rows = append(rows, row)
	}
	return rows
}

func (s *site) vmRow(n int, m *machine) map[string]any {
	toolsOS := m.OS
	if m.toolsOff {
		toolsOS = ""
	}
	return map[string]any{
		"VM": m.Name, "Powerstate": "poweredOn", "Template": false, "SRM Placeholder": false, "Datacenter": m.Datacenter, "Cluster": m.Cluster, "Host": m.Host,
		"OS according to the configuration file": m.OS, "OS according to the VMware Tools": toolsOS, "VM ID": fmt.Sprintf("vm-%d", 1010+n*3),
		"SMBIOS UUID": m.UUID, "VM UUID": instanceUUID(m.UUID), "VI SDK Server": center, "VI SDK UUID": centerUUID,
	}
}

// instanceUUID is the hypervisor's own name of a server, beside the one that
// the guest sees.
func instanceUUID(smbios string) string { return "5003" + smbios[4:] }

func (s *site) infoRows() []map[string]any {
	return s.vmRows(func(m *machine, row map[string]any) {
		started := s.hostOf(m).Boot.Add(time.Duration(hash(m.Name)%(80*24)) * time.Hour)
		maps.Copy(row, map[string]any{
			"Config status": "green", "DNS Name": m.FQDN, "Connection state": "connected", "Guest state": "running", "Heartbeat": "green",
			"Consolidation Needed": false, "PowerOn": stamp(started), "Suspend Interval": 0, "Creation date": stamp(started.AddDate(-2, 0, 0)),
			"CPUs": m.CPUs, "Memory": m.MemoryMiB, "Active Memory": m.MemoryMiB / 5, "NICs": len(m.NICs), "Disks": len(m.Disks),
			"Total disk capacity MiB": m.ProvisionedMiB, "Latency Sensitivity": "normal", "EnableUUID": true, "CBT": true, "Primary IP Address": m.Addresses[0],
			"Network #1": m.network, "Num Monitors": 1, "Video Ram KiB": 8192, "Resource pool": "/" + m.Datacenter + "/" + m.Cluster + "/Resources",
			"Folder": folder(m), "DAS protection": true, "FT State": "notConfigured", "Provisioned MiB": m.ProvisionedMiB, "In Use MiB": m.InUseMiB,
			"Unshared MiB": m.InUseMiB, "HA Restart Priority": "medium", "HA Isolation Response": "none", "HA VM Monitoring": "vmMonitoringDisabled",
			"Boot Required": false, "Boot delay": 0, "Boot retry delay": 10000, "Boot retry enabled": false, "Boot BIOS setup": false, "EFI Secure boot": false,
			"Firmware": m.Firmware, "HW version": m.HardwareVersion, "HW upgrade status": "none", "HW upgrade policy": "never",
			"Path": strings.TrimSuffix(m.Disks[0].Path, "vmdk") + "vmx", "VI SDK Server type": "VMware vCenter Server 8.0.3 build-24022515", "VI SDK API Version": "8.0.3.0",
		})
		if m.toolsOff {
			maps.Copy(row, map[string]any{"DNS Name": "", "Primary IP Address": "", "Guest state": "notRunning", "Heartbeat": "gray"})
		}
	})
}

func folder(m *machine) string { return "/" + m.Datacenter + "/vm/" + m.Team }

func (s *site) cpuRows() []map[string]any {
	return s.vmRows(func(m *machine, row map[string]any) {
		h := s.hostOf(m)
		maps.Copy(row, map[string]any{"CPUs": m.CPUs, "Sockets": 1, "Cores p/s": m.CPUs, "Max": m.CPUs * h.MHz, "Overall": int(float64(m.CPUs*h.MHz) * m.quiet / 100),
			"Level": "normal", "Shares": m.CPUs * 1000, "Reservation": 0, "Entitlement": m.CPUs * h.MHz, "Limit": -1, "Hot Add": true, "Hot Remove": false})
	})
}

func (s *site) memoryRows() []map[string]any {
	return s.vmRows(func(m *machine, row map[string]any) {
		consumed := int64(float64(m.MemoryMiB) * min(100, m.memory+12) / 100)
		maps.Copy(row, map[string]any{"Size MiB": m.MemoryMiB, "Memory Reservation Locked To Max": false, "Overhead": 90 + m.MemoryMiB/200, "Max": m.MemoryMiB,
			"Consumed": consumed, "Consumed Overhead": 80, "Private": consumed, "Shared": 0, "Swapped": 0, "Ballooned": 0, "Active": m.MemoryMiB / 5,
			"Entitlement": consumed, "Level": "normal", "Shares": m.MemoryMiB * 10, "Reservation": 0, "Limit": -1, "Hot Add": true})
	})
}

func (s *site) hostOf(m *machine) (host struct {
	Boot *time.Time
	MHz  int
}) {
	for i := range s.hosts {
		if s.hosts[i].Name == m.Host {
			host.Boot, host.MHz = s.hosts[i].Boot, s.hosts[i].MHz
		}
	}
	return host
}
