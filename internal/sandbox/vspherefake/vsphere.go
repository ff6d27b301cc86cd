// Package vspherefake is the table of the simulated vSphere package. To
// simulate another type, add a row.
package vspherefake

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi-vsphere/sdk/v4/go/vsphere"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/storefront-toolkit/storefront/internal/sandbox/fake"
	"github.com/storefront-toolkit/storefront/internal/sandbox/site"
)

// Kinds of things in the world of a stack that look-ups of this package find.
// The NSX package adds networks: a segment is one.
const (
	Network        = "vsphere network"
	folder         = "vsphere folder"
	pool           = "vsphere resource pool"
	tag            = "vsphere tag"
	category       = "vsphere tag category"
	virtualMachine = "vsphere virtual machine"
)

// New gives the simulated package of a site.
func New(s *site.Site) *fake.Package {
	return &fake.Package{
		Name:      "vsphere",
		Version:   semver.MustParse("4.15.0"),
		Config:    vsphere.ProviderArgs{},
		Settings:  settings,
		Resources: resources(),
		Lookups:   lookups(s.VSphere),
		Output:    output,
		Notice:    notice,
		Source:    "internal/sandbox/vspherefake",
	}
}

// settings wants what the provider can't do without. A password is never kept.
func settings(config resource.PropertyMap) (map[string]string, error) {
	var problems []error
	for _, name := range []string{"user", "password", "vsphereServer"} {
		if v := config[resource.PropertyKey(name)]; !v.IsString() || v.StringValue() == "" {
			problems = append(problems, fmt.Errorf("%s: required, and not given; set vsphere:%s in the stack's configuration", name, name))
		}
	}
	return map[string]string{}, errors.Join(problems...)
}

// notice makes what a stack has made known to look-ups.
func notice(w *fake.World, o *fake.Object) {
	switch o.Type {
	case "vsphere:index/folder:Folder":
		w.Add(folder, o.Text("path"), o.ID)
	case "vsphere:index/resourcePool:ResourcePool":
		w.Add(pool, o.Text("name"), o.ID)
	case "vsphere:index/tag:Tag":
		w.Add(tag, o.Text("categoryId")+"/"+o.Text("name"), o.ID)
	case "vsphere:index/tagCategory:TagCategory":
		w.Add(category, o.Text("name"), o.ID)
	case "vsphere:index/distributedPortGroup:DistributedPortGroup":
		w.Add(Network, o.Text("name"), o.ID)
	case "vsphere:index/virtualMachine:VirtualMachine":
		w.Add(virtualMachine, o.Text("name"), o.ID)
	}
}

// output gives the outputs that vSphere's types share.
func output(o *fake.Object, name string, _ reflect.Type) (any, bool) {
	switch name {
	case "uuid":
		return o.UUID("uuid"), true
	case "moid":
		return fmt.Sprintf("vm-%d", 1000+o.Number("moid", 9000)), true
	case "powerState":
		return "on", true
	}
	return nil, false
}

// moid makes up a managed object's identifier, such as "datastore-1042".
func moid(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\n" + name))
	return fmt.Sprintf("%s-%d", kind, 1000+binary.BigEndian.Uint32(sum[:])%9000)
}

func row(name string, args pulumi.Input, state any, id, replace string, own ...map[string]any) fake.Resource {
	token := "vsphere:index/" + string(name[0]|0x20) + name[1:] + ":" + name
	r := fake.Resource{Token: token, Args: args, State: state, ID: id, Replace: replace}
	for _, o := range own {
		r.Outputs = o
	}
	return r
}
