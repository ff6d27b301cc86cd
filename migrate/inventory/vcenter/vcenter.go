// Package vcenter reads a running vCenter: its servers, hosts, clusters and
// datastores, and the performance history that it keeps. It only reads.
package vcenter

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"

	"github.com/storefront-toolkit/storefront/migrate"
	"github.com/storefront-toolkit/storefront/migrate/inventory"
	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// Format is the name of this kind of source.
const Format = "vcenter"

// Options say which vCenter, as whom, and how far back.
type Options struct {
	URL      string // https://vcenter.example.com or only the host's name
	User     string
	Password string
	Insecure bool // accept any certificate
	// History is how far back to read measured use; 0 reads none.
	History time.Duration
	// Progress is told what is being read; nil where nobody listens.
	Progress func(done, total int, what string)
}

// Read signs in, reads everything and signs out.
func Read(ctx context.Context, o Options) (b inventory.Batch, err error) {
	u, err := endpoint(o.URL)
	if err != nil {
		return b, err
	}
	name := u.Host
	c, err := vim25.NewClient(ctx, soap.NewClient(u, o.Insecure))
	if err != nil {
		return b, fmt.Errorf("read vCenter %s: %w", name, explain(err))
	}
	login := session.NewManager(c)
	if err := login.Login(ctx, url.UserPassword(o.User, o.Password)); err != nil {
		return b, fmt.Errorf("read vCenter %s: sign in as %s: %w", name, o.User, explain(err))
	}
	// Signing out must not depend on the caller's patience: an open session
	// counts against the server's limit.
	defer func() { err = errors.Join(err, login.Logout(context.WithoutCancel(ctx))) }()
	r := &reading{ctx: ctx, c: c, o: o}
	r.b.Source = migrate.Source{Name: name, Format: Format, Version: c.ServiceContent.About.FullName}
	if err := r.all(); err != nil {
		return inventory.Batch{}, fmt.Errorf("read vCenter %s: %w", name, explain(err))
	}
	r.tally.Into(&r.b.Source)
	r.b.Source.Servers = len(r.b.Servers)
	return r.b, nil
}

// endpoint completes what people type. A password in it is refused, since it
// would end up in the shell's history and the process list.
func endpoint(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("read vCenter: the address has to be a host's name or https://HOST")
	case u.User != nil:
		return nil, errors.New("read vCenter: the address holds a user name: give it by itself, and the password by the environment")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("read vCenter: %s:// is not https://", u.Scheme)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = vim25.Path
	}
	return u, nil
}

// explain adds what to do to the two errors that everyone meets.
func explain(err error) error {
	switch {
	case soap.IsCertificateUntrusted(err):
		return fmt.Errorf("%w: add the vCenter's certificate authority to this machine (https://HOST/certs/download.zip), or pass --insecure", err)
	case soap.IsSoapFault(err):
		if _, wrong := soap.ToSoapFault(err).VimFault().(types.InvalidLogin); wrong {
			return errors.New("user name or password is wrong")
		}
	}
	return err
}

// reading is one pass over a vCenter.
type reading struct {
	ctx   context.Context
	c     *vim25.Client
	o     Options
	b     inventory.Batch
	tally table.Tally
	place places
	vms   []mo.VirtualMachine
}

func (r *reading) all() error {
	now, err := methods.GetCurrentTime(r.ctx, r.c)
	if err != nil {
		return err
	}
	r.b.AsOf = now.UTC()
	for _, step := range []func() error{r.readPlaces, r.readHosts, r.readDatastores, r.readServers, r.readHistory} {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// retrieve reads properties of all objects of a kind.
func (r *reading) retrieve(kind string, props []string, into any) error {
	v, err := view.NewManager(r.c).CreateContainerView(r.ctx, r.c.ServiceContent.RootFolder, []string{kind}, true)
	if err != nil {
		return fmt.Errorf("list %s: %w", kind, err)
	}
	defer v.Destroy(context.WithoutCancel(r.ctx)) // the session's end frees it too
	if err := v.Retrieve(r.ctx, []string{kind}, props, into); err != nil {
		return fmt.Errorf("read %s: %w", kind, err)
	}
	return nil
}

func (r *reading) progress(done, total int, what string) {
	if r.o.Progress != nil {
		r.o.Progress(done, total, what)
	}
}

// fact counts an object that is no server.
func (r *reading) fact() {
	r.tally.Rows++
	r.tally.Facts++
}
