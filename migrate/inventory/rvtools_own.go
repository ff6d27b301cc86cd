package inventory

import (
	"strings"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// rvOwn are the columns, as table.Normal has them, that RVTools itself writes
// into the tabs of servers and that the estate has no use for. Any other column
// is a custom attribute or was added by hand, and is kept.
var rvOwn = normalSet(`
	VM|Powerstate|Template|SRM Placeholder|Config status|DNS Name|Connection state|Guest state|Heartbeat|Consolidation Needed
	PowerOn|Suspended To Memory|Suspend time|Suspend Interval|Creation date|Change Version|CPUs|Overall Cpu Readiness|Memory
	Active Memory|NICs|Disks|Total disk capacity MiB|Fixed Passthru HotPlug|min Required EVC Mode Key|Latency Sensitivity
	Op Notification Timeout|EnableUUID|CBT|Primary IP Address|Network #1|Network #2|Network #3|Network #4|Network #5|Network #6
	Network #7|Network #8|Num Monitors|Video Ram KiB|Video Ram KB|Resource pool|Folder ID|Folder|vApp|DAS protection|FT State
	FT Role|FT Latency|FT Bandwidth|FT Sec. Latency|Vm Failover In Progress|Provisioned MiB|Provisioned MB|In Use MiB|In Use MB
	Unshared MiB|Unshared MB|HA Restart Priority|HA Isolation Response|HA VM Monitoring|Cluster rule(s)|Cluster rule name(s)
	Boot Required|Boot delay|Boot retry delay|Boot retry enabled|Boot BIOS setup|Reboot PowerOff|EFI Secure boot|Firmware
	HW version|HW upgrade status|HW upgrade policy|HW target|Path|Log directory|Snapshot directory|Suspend directory|Annotation
	Datacenter|Cluster|Host|OS according to the configuration file|OS according to the VMware Tools|OS|Customization Info
	Guest Detailed Data|VM ID|SMBIOS UUID|VM UUID|VI SDK Server type|VI SDK API Version|VI SDK Server|VI SDK UUID|vCenter UUID
	Sockets|Cores p/s|Max|Overall|Level|Shares|Reservation|Entitlement|DRS Entitlement|Limit|Hot Add|Hot Remove|Numa Hotadd Exposed
	Size MiB|Size MB|Memory Reservation Locked To Max|Overhead|Consumed|Consumed Overhead|Private|Shared|Swapped|Ballooned|Active
	Disk|Disk Key|Disk UUID|Disk Path|Capacity MiB|Capacity MB|Raw|Disk Mode|Sharing mode|Thin|Eagerly Scrub|Split|Write Through
	Controller|Label|SCSI Unit #|Unit #|Shared Bus|Raw LUN ID|Raw Comp. Mode|Internal Sort Column
	Consumed MiB|Consumed MB|Free MiB|Free MB|Free %|NIC label|Adapter|Network|Switch|Connected|Starts Connected|Mac Address|Type
	IPv4 Address|IPv6 Address|IP Address|Direct Path IO|Name|Description|Date / time|Filename|Size MiB (vmsn)|Size MB (vmsn)
	Size MiB (total)|Size MB (total)|Quiesced|State|Upgrade|VM Version|Tools|Tools Version|Required Version|Upgradeable
	Upgrade Policy|Sync time|App status|Heartbeat status|Kernel Crash state|Operation Ready|State change support|Interactive Guest|VMRef`)

func normalSet(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		for name := range strings.SplitSeq(line, "|") {
			out[table.Normal(name)] = true
		}
	}
	return out
}
