package sample

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate"
)

var (
	visited = []string{"/", "/sale", "/women/jackets", "/men/shoes", "/kids/rain", "/catalogsearch/result/?q=parka", "/checkout/cart", "/checkout/onepage",
		"/customer/account", "/rest/V1/products", "/media/catalog/product/l/k/lk-1042.jpg", "/static/frontend/larkfield/en/styles.css"}
	browsers = []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0",
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	}
	clientNets = []string{"192.0.2", "198.51.100", "203.0.113"} // RFC 5737
)

// accessRequest is a request as it is logged.
type accessRequest struct {
	at                  time.Time
	client, path, agent string
	status, size        int
}

// eachRequest draws the requests of one country, in order.
func (s *site) eachRequest(at int, do func(accessRequest) error) error {
	random := s.random("access log " + countries[at].code)
	zone := time.FixedZone("", countries[at].offset*3600)
	for _, h := range s.hours {
		var seconds []int
		for range h.requests[at] {
			seconds = append(seconds, random.IntN(3600))
		}
		slices.Sort(seconds)
		failed := spread(random, h.requests[at], h.errors[at])
		for i, second := range seconds {
			if err := do(drawRequest(random, h.start.Add(time.Duration(second)*time.Second).In(zone), failed[i])); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeAccessLog writes one country's log in the combined format, compressed,
// with its local time.
func (s *site) writeAccessLog(w io.Writer, at int) error {
	zip := gzip.NewWriter(w)
	out := bufio.NewWriter(zip)
	err := s.eachRequest(at, func(r accessRequest) error {
		_, err := fmt.Fprintf(out, "%s - - [%s] \"GET %s HTTP/1.1\" %d %d \"-\" %q\n",
			r.client, r.at.Format("02/Jan/2006:15:04:05 -0700"), r.path, r.status, r.size, r.agent)
		return err
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return zip.Close()
}

// accessLogName is the file of one country's log.
func accessLogName(at int) string { return "logs/access-" + countries[at].code + ".log.gz" }

// accessPart sums one country's log.
func (s *site) accessPart(at int) migrate.AccessPart {
	part := migrate.AccessPart{Name: accessLogName(at)}
	_ = s.eachRequest(at, func(r accessRequest) error { // never fails
		part.Requests++
		if strings.HasPrefix(r.path, "/media/") || strings.HasPrefix(r.path, "/static/") {
			part.Files++
		}
		return nil
	})
	return part
}

// spread picks which of n requests fail.
func spread(random *rand.Rand, n, failed int) []bool {
	out := make([]bool, n)
	for _, i := range random.Perm(n)[:failed] {
		out[i] = true
	}
	return out
}

func drawRequest(random *rand.Rand, at time.Time, failed bool) accessRequest {
	r := accessRequest{at: at, path: visited[random.IntN(len(visited))], agent: browsers[len(browsers)-1]}
	if random.IntN(25) > 0 {
		r.agent = browsers[random.IntN(len(browsers)-1)]
	}
	r.status, r.size = 200, 4_000+random.IntN(90_000)
	switch {
	case failed:
		r.status, r.size = 503, 312
	case random.IntN(40) == 0:
		r.status, r.size = 404, 1_870
	case random.IntN(12) == 0:
		r.status, r.size = 304, 0
	}
	r.client = fmt.Sprintf("%s.%d", clientNets[random.IntN(len(clientNets))], 1+random.IntN(254))
	return r
}
