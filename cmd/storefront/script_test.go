package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"storefront": main})
}

// TestScript runs testdata/script/*.txtar. A script that needs the published
// inputs beside the repository begins with "[!realdata] skip" and finds them in
// $REALDATA. UPDATE_GOLDEN=1 rewrites what cmp compares with.
func TestScript(t *testing.T) {
	real, err := filepath.Abs("../../../shared/realdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") == "1",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("REALDATA", real)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "realdata" {
				_, err := os.Stat(real)
				return err == nil, nil
			}
			return false, nil
		},
	})
}
