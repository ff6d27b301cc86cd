package awscloud

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/storefront-toolkit/storefront/migrate/sizing"
)

// Sizing knows no cloud SDK and so keeps sizes of its own; every one has to be
// an instance type here.
func TestEverySizeThatSizingMayChooseExists(t *testing.T) {
	servers, databases, searches, redis := sizing.Shapes()
	for _, z := range servers {
		_, err := shapeOf(serverShapes, z)
		require.NoError(t, err)
	}
	for _, z := range databases {
		_, err := shapeOf(databaseShapes, z)
		require.NoError(t, err)
	}
	for _, z := range searches {
		_, err := shapeOf(searchShapes, z)
		require.NoError(t, err)
	}
	_, err := redisNode(redis)
	require.NoError(t, err)
}
