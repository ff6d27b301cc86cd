package sample

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"
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

// writeAccessLog writes one country's log in the combined format, compressed,
// with its local time.
func (s *site) writeAccessLog(w io.Writer, at int) error {
	random := s.random("access log " + countries[at].code)
	zip := gzip.NewWriter(w)
	out := bufio.NewWriter(zip)
	zone := time.FixedZone("", countries[at].offset*3600)
	for _, h := range s.hours {
		var seconds []int
		for range h.requests[at] {
			seconds = append(seconds, random.IntN(3600))
		}
		slices.Sort(seconds)
		failed := spread(random, h.requests[at], h.errors[at])
		for i, second := range seconds {
			if err := accessLine(out, random, h.start.Add(time.Duration(second)*time.Second).In(zone), failed[i]); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return zip.Close()
}

// spread picks which of n requests fail.
func spread(random *rand.Rand, n, failed int) []bool {
	out := make([]bool, n)
	for _, i := range random.Perm(n)[:failed] {
		out[i] = true
	}
	return out
}

func accessLine(w io.Writer, random *rand.Rand, at time.Time, failed bool) error {
	path := visited[random.IntN(len(visited))]
	agent := browsers[len(browsers)-1]
	if random.IntN(25) > 0 {
		agent = browsers[random.IntN(len(browsers)-1)]
	}
	status, size := 200, 4_000+random.IntN(90_000)
	switch {
	case failed:
		status, size = 503, 312
	case random.IntN(40) == 0:
		status, size = 404, 1_870
	case random.IntN(12) == 0:
		status, size = 304, 0
	}
	_, err := fmt.Fprintf(w, "%s.%d - - [%s] \"GET %s HTTP/1.1\" %d %d \"-\" %q\n", clientNets[random.IntN(len(clientNets))], 1+random.IntN(254),
		at.Format("02/Jan/2006:15:04:05 -0700"), path, status, size, agent)
	return err
}
