package guest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/internal/golden"
)

func TestDocuments(t *testing.T) {
	all := roles()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			d, err := all[name].Render()
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(d), "#cloud-config\n"))
			golden.Equal(t, name+".yaml", []byte(d))

			again, err := all[name].Render()
			require.NoError(t, err)
			require.Equal(t, d, again)

			u, err := d.UserData()
			require.NoError(t, err)
			t.Logf("%d bytes, %d as user data in base64", len(d), len(u))
			z, err := base64.StdEncoding.DecodeString(u)
			require.NoError(t, err)
			require.Equal(t, make([]byte, 4), z[4:8], "no time of making")
			r, err := gzip.NewReader(bytes.NewReader(z))
			require.NoError(t, err)
			back, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, string(d), string(back))
		})
	}
}
