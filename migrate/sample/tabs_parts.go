package sample

import (
	"fmt"
	"maps"
	"strings"
)

// partRows gives a row for every part of every server.
func (s *site) partRows(parts func(m *machine) []map[string]any) (rows []map[string]any) {
	for n, m := range s.servers {
		for _, part := range parts(m) {
			row := s.vmRow(n, m)
			maps.Copy(row, part)
			rows = append(rows, row)
		}
	}
	return rows
}

func (s *site) diskRows() []map[string]any {
	return s.partRows(func(m *machine) (parts []map[string]any) {
		for i, d := range m.Disks {
			parts = append(parts, map[string]any{"Disk": d.Label, "Disk Key": 2000 + i, "Disk UUID": "6000c29" + m.UUID[7:len(m.UUID)-1] + fmt.Sprint(i%10),
				"Capacity MiB": d.CapacityMiB, "Raw": d.Raw, "Disk Mode": d.Mode, "Sharing mode": d.Sharing, "Thin": d.Thin, "Eagerly Scrub": false, "Split": false,
				"Write Through": false, "Level": "normal", "Shares": 1000, "Reservation": 0, "Limit": -1, "Controller": d.Controller, "Label": "SCSI controller 0",
				"SCSI Unit #": 7, "Unit #": i, "Shared Bus": "noSharing", "Path": d.Path})
		}
		return parts
	})
}

// partitionRows leave out a server whose tools are silent: nobody else sees its
// file systems.
func (s *site) partitionRows() []map[string]any {
	return s.partRows(func(m *machine) (parts []map[string]any) {
		if m.toolsOff {
			return nil
		}
		for i, p := range m.Partitions {
			parts = append(parts, map[string]any{"Disk Key": 2000 + i, "Disk": p.Path, "Capacity MiB": p.CapacityMiB, "Consumed MiB": p.ConsumedMiB,
				"Free MiB": p.FreeMiB, "Free %": p.FreeMiB * 100 / p.CapacityMiB})
		}
		return parts
	})
}

func (s *site) networkRows() []map[string]any {
	return s.partRows(func(m *machine) (parts []map[string]any) {
		for i, n := range m.NICs {
			addresses := strings.Join(n.Addresses, ", ")
			if m.toolsOff {
				addresses = ""
			}
			parts = append(parts, map[string]any{"NIC label": fmt.Sprintf("Network adapter %d", i+1), "Adapter": n.Adapter, "Network": n.Network,
				"Switch": "dvs-" + m.Datacenter, "Connected": n.Connected, "Starts Connected": true, "Mac Address": n.MAC, "Type": "assigned",
				"IPv4 Address": addresses, "Direct Path IO": false})
		}
		return parts
	})
}

func (s *site) snapshotRows() []map[string]any {
	return s.partRows(func(m *machine) (parts []map[string]any) {
		for i, snap := range m.Snapshots {
			parts = append(parts, map[string]any{"Name": snap.Name, "Date / time": stamp(*snap.Created), "Filename": fmt.Sprintf("%s-Snapshot%d.vmsn", m.Name, i+1),
				"Size MiB (vmsn)": 1, "Size MiB (total)": snap.SizeMiB, "Quiesced": false, "State": "poweredOff"})
		}
		return parts
	})
}

func (s *site) toolsRows() []map[string]any {
	return s.vmRows(func(m *machine, row map[string]any) {
		state, heartbeat := "toolsOk", "green"
		if m.toolsOff {
			state, heartbeat = "toolsNotRunning", "gray"
		}
		maps.Copy(row, map[string]any{"VM Version": fmt.Sprintf("vmx-%d", m.HardwareVersion), "Tools": state, "Tools Version": 12389, "Required Version": 12389,
			"Upgradeable": "No", "Upgrade Policy": "manual", "Sync time": false, "App status": "none", "Heartbeat status": heartbeat,
			"Kernel Crash state": false, "Operation Ready": !m.toolsOff, "State change support": !m.toolsOff, "Interactive Guest": false})
	})
}

func (s *site) clusterRows() (rows []map[string]any) {
	for _, c := range clusterSpecs {
		cores, memory := c.hosts*c.cores, int64(c.hosts)*c.gib*1024
		rows = append(rows, map[string]any{"Name": c.name, "Config status": "green", "OverallStatus": "green", "NumHosts": c.hosts, "numEffectiveHosts": c.hosts,
			"TotalCpu": cores * c.mhz, "NumCpuCores": cores, "NumCpuThreads": cores * 2, "Effective Cpu": cores * c.mhz * 9 / 10, "TotalMemory": memory,
			"Effective Memory": memory * 97 / 100, "Num VMotions": 812, "HA enabled": true, "Failover Level": 1, "AdmissionControlEnabled": true,
			"Host monitoring": "enabled", "Isolation Response": "none", "Restart Priority": "medium", "VM Monitoring": "vmMonitoringDisabled", "DRS enabled": true,
			"DRS default VM behavior": "fullyAutomated", "DRS vmotion rate": 3, "DPM enabled": false, "VI SDK Server": center, "VI SDK UUID": centerUUID})
	}
	return rows
}

func (s *site) hostRows() (rows []map[string]any) {
	for _, h := range s.hosts {
		vms, vcpus, memory := 0, 0, int64(0)
		for _, m := range s.servers {
			if m.Host == h.Name {
				vms, vcpus, memory = vms+1, vcpus+m.CPUs, memory+m.MemoryMiB
			}
		}
		ntp := strings.Join(h.NTP, ", ")
		rows = append(rows, map[string]any{"Host": h.Name, "Datacenter": h.Datacenter, "Cluster": h.Cluster, "Config status": "green", "in Maintenance Mode": false,
			"in Quarantine Mode": false, "CPU Model": h.CPUModel, "Speed": h.MHz, "HT Available": true, "HT Active": true, "# CPU": h.Sockets,
			"Cores per CPU": h.Cores / h.Sockets, "# Cores": h.Cores, "CPU usage %": 17, "# Memory": h.MemoryMiB, "Memory usage %": memory * 80 / h.MemoryMiB,
			"Console": 0, "# NICs": 4, "# HBAs": 3, "# VMs total": vms, "# VMs": vms, "VMs per Core": float64(vms) / float64(h.Cores), "# vCPUs": vcpus,
			"vCPUs per Core": float64(vcpus) / float64(h.Cores), "vRAM": memory, "VM Memory Swapped": 0, "VM Memory Ballooned": 0, "Current EVC": "intel-cascadelake",
			"Max EVC": "intel-icelake", "ESX Version": h.Version, "Boot time": stamp(*h.Boot), "DNS Servers": strings.Join(h.DNS, ", "), "DHCP": false,
			"Domain": domain, "NTP Server(s)": ntp, "NTPD running": true, "Time Zone": "UTC", "Time Zone Name": "UTC", "GMT Offset": 0, "Vendor": h.Vendor,
			"Model": h.Model, "Serial number": h.Serial, "Service tag": h.Serial, "BIOS Version": "1.14.1", "BIOS Date": "2025/06/18 00:00:00",
			"VI SDK Server": center, "VI SDK UUID": centerUUID})
	}
	return rows
}

func (s *site) storeRows() (rows []map[string]any) {
	for _, d := range s.stores {
		vms := 0
		for _, m := range s.servers {
			if s.storeOf(m) == d.Name {
				vms++
			}
		}
		rows = append(rows, map[string]any{"Name": d.Name, "Config status": "green", "Address": d.Address, "Accessible": true, "Type": d.Type, "# VMs total": vms,
			"# VMs": vms, "Capacity MiB": d.CapacityMiB, "Provisioned MiB": d.ProvisionedMiB, "In Use MiB": d.CapacityMiB - d.FreeMiB, "Free MiB": d.FreeMiB,
			"Free %": d.FreeMiB * 100 / d.CapacityMiB, "SIOC enabled": false, "# Hosts": len(d.Hosts), "Hosts": strings.Join(d.Hosts, ", "), "Block size": 1,
			"Major Version": 6, "Version": "6.82", "VI SDK Server": center, "VI SDK UUID": centerUUID})
	}
	return rows
}

// healthRows hold what RVTools' own check says of a healthy site: a CD that
// somebody forgot, and a folder whose name is not its server's.
func (s *site) healthRows() []map[string]any {
	return []map[string]any{
		{"Name": "dev-web03", "Message": "VM has a CDROM device connected!", "Message type": "CDROM", "VI SDK Server": center, "VI SDK UUID": centerUUID},
		{"Name": "dev-web05", "Message": "Inconsistent Foldername! VMname = dev-web05 Foldername = dev-web05_1", "Message type": "Foldername", "VI SDK Server": center, "VI SDK UUID": centerUUID},
	}
}

func (s *site) metaRows() []map[string]any {
	return []map[string]any{{"RVTools major version": "4.7", "RVTools version": "4.7.1.4", "xlsx creation datetime": asOf.Format("1/2/2006 3:04:05 PM"), "Server": center}}
}
