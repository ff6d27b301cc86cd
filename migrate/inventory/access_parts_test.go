package inventory

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate"
)

func TestRequestsForFiles(t *testing.T) {
	for path, want := range map[string]bool{
		"/": false, "/checkout/cart": false, "/rest/V1/products?x=a.css": false, "/index.php": false, "/sale.html": false, "": false,
		"/media/catalog/product/l/k/lk-1042.jpg": true, "/static/frontend/en/styles.css?v=3": true, "/favicon.ICO": true,
		"/pub/media/get": true, "/images/logo.gif": true,
	} {
		require.Equal(t, want, accessLine{path: path}.file(), path)
	}
}

func TestPartsByHostOrFile(t *testing.T) {
	var p accessParser
	parts := accessParts{}
	for _, line := range []string{
		`192.0.2.1 - - [01/Sep/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 10 "-" "x"`,
		`192.0.2.1 - - [01/Sep/2026:10:00:00 +0000] "GET /a.css HTTP/1.1" 200 10 "-" "x"`,
		`www.Shop.example:443 192.0.2.1 - - [01/Sep/2026:10:00:00 +0000] "GET /b HTTP/1.1" 200 10 "-" "x"`,
	} {
		l, ok := p.line(line)
		require.True(t, ok, line)
		parts.count("access-uk.log", l)
	}
	want := []migrate.AccessPart{{Name: "access-uk.log", Requests: 2, Files: 1}, {Name: "www.shop.example", Requests: 1}}
	require.Equal(t, want, parts.sorted())
	parts.add(want)
	require.Equal(t, int64(4), parts.sorted()[0].Requests)
}
