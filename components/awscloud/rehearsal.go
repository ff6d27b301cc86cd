package awscloud

import (
	"github.com/storefront-toolkit/storefront/components/guest"
	"github.com/storefront-toolkit/storefront/components/platform"
	"github.com/storefront-toolkit/storefront/components/topology"
)

// Rehearse makes up what AWS would answer, each name as long as its service lets
// it be.
func (p *Platform) Rehearse(shop topology.Storefront) (platform.Rehearsal, error) {
	host := func(what string) string {
		return platform.MadeUp(what, 63) + "." + platform.MadeUp(what, 12) + "." + p.settings.Region + ".rds.amazonaws.com"
	}
	secret := func(what, key string) platform.Secret {
		return stored(platform.Given("arn:aws:secretsmanager:%s:123456789012:secret:%s-AbCdEf", p.settings.Region, platform.MadeUp(what, 64)), key)
	}
	bucket := func(what string) *platform.Bucket {
		return &platform.Bucket{Name: platform.Given("%s", platform.MadeUp(what, 63))}
	}
	redis := func(what string) platform.Redis {
		return platform.Redis{Primary: platform.Given("%s", host(what)), Port: topology.PortRedis, TLS: true, Password: secret(what, "")}
	}
	r := platform.Rehearsal{
		Host:   p.rehearsedHost(shop),
		Static: platform.Static{Bucket: bucket("static")},
		Database: platform.Database{
			Writer: platform.Given("%s", host("writer")), Reader: platform.Given("%s", host("reader")), Port: topology.PortMySQL, TLS: true,
			User: secret("login", "username"), Password: secret("login", "password"),
			Owner: &platform.DatabaseOwner{Server: platform.Given("%s", host("writer")), Master: secret("master", ""), Shop: secret("login", ""),
				Pooled: []platform.Secret{secret("pooled-a", ""), secret("pooled-b", "")}},
		},
		Sessions: redis("sessions"), Cache: redis("cache"), Token: secret("token", ""),
		Balancer: platform.LoadBalancer{Address: platform.Given("%s", host("balancer")), VisitorHeader: visitorHeader},
		Web:      platform.Fleet{Name: platform.Given("%s", platform.MadeUp("web", 128))},
		Admin:    platform.Fleet{Name: platform.Given("%s", platform.MadeUp("admin", 128))},
		Releases: bucket("releases"),
	}
	if shop.Media.Kind == topology.ObjectMedia {
		r.Media.Bucket = bucket("media")
	} else {
		r.Media.Mount = &platform.Mount{Source: platform.Given("%s:/", host("media"))}
	}
	return r, nil
}

// rehearsedHost is what the servers would see; those of search and analytics
// have a volume.
func (p *Platform) rehearsedHost(shop topology.Storefront) func(topology.Tier) platform.Host {
	on := &site{settings: p.settings, meta: platform.Meta{Environment: shop.Environment}}
	return func(tier topology.Tier) platform.Host {
		var fleet platform.FleetArgs
		if tier != topology.TierDeploy {
			fleet.Pools = make([]platform.LoadBalancer, 1)
		}
		h := on.host(fleet, member{name: platform.MadeUp("group", 64)})
		if tier == topology.TierSearch || tier == topology.TierAnalytics {
			h.Base.DataDisk = &guest.DataDisk{Device: dataDevice}
			h.VolumeID = platform.Given("vol-0123456789abcdef0")
		}
		return h
	}
}
