// Package guest renders what runs inside a server, by role, as a cloud-init
// document for Debian 12. It knows no platform: every input is a plain string
// or number, so that a program can render once its provider has told the
// addresses, and the same role runs on AWS and on vSphere.
//
// No document sets up a packet filter inside the server. Security groups and
// the distributed firewall decide what may talk to what; a second list inside
// every guest would have to be kept equal to them by hand.
package guest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
)

// MaxUserData is the largest user data that EC2 takes, in bytes before base64.
// Source: "Run commands at launch", Amazon EC2 user guide.
const MaxUserData = 16384

// HealthPath is where web, admin and static servers answer with 200 while they
// can serve, under any host name.
const HealthPath = "/health"

// Document is a complete cloud-init user-data document (#cloud-config). It is
// secret where Base.HasSecrets says so of the role that it was rendered from.
type Document string

// Role is anything that runs in a server of its own.
type Role interface {
	// Render gives the document, or every problem of the input at once, each
	// with its field path.
	Render() (Document, error)
	// HasSecrets tells that the document itself carries a secret's value.
	HasSecrets() bool
}

var (
	_ Role = Web{}
	_ Role = Admin{}
	_ Role = Deploy{}
	_ Role = Static{}
	_ Role = Search{}
	_ Role = Analytics{}
	_ Role = Database{}
	_ Role = Redis{}
	_ Role = NFS{}
)

// UserData gives the document as gzip in base64, as EC2's user data and
// vSphere's guestinfo.userdata with encoding gzip+base64 take it. The same
// document gives the same bytes: the gzip header has no time and no name. A
// document that is larger than MaxUserData once compressed is refused, since
// EC2 would refuse the server.
func (d Document) UserData() (string, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("compress user data: %w", err)
	}
	if _, err := z.Write([]byte(d)); err != nil {
		return "", fmt.Errorf("compress user data: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("compress user data: %w", err)
	}
	if b.Len() > MaxUserData {
		return "", fmt.Errorf("compress user data: %d bytes are over the %d that a server takes; "+
			"shorten the lists of the role (channels, secrets, SSH keys)", b.Len(), MaxUserData)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
