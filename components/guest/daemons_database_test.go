package guest

import "testing"

func testDatabaseAlone(t *testing.T)    { t.Skip() }
func testDatabaseFailover(t *testing.T) { t.Skip() }
