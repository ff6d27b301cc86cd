// Command nsxtgen writes the Go SDK of a parameterized Pulumi package from the
// package's schema, byte for byte as `pulumi package add` lays it under sdks/,
// and compares what is committed with what it would write. It needs no network
// and no provider plugin, so a build server can hold the committed SDK to its schema.
//
// Usage:
//
//	nsxtgen [-check] [-project DIR] SCHEMA OUT
//
// SCHEMA is the package's schema in JSON and OUT the folder of the SDK, which is
// replaced as a whole. With -check nothing is written: the files of OUT that
// differ are listed. With -project the `replace` line of DIR/go.mod and the
// package's entry in DIR/Pulumi.yaml are compared as well.
//
// It ends with status 0 where everything agrees, 1 where something differs and 2
// where it could not find out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Exit statuses, those of diff(1).
const (
	exitSame    = 0
	exitDiffers = 1
	exitTrouble = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its arguments, streams and exit status in the open.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("nsxtgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	check := flags.Bool("check", false, "write nothing; list what differs")
	project := flags.String("project", "", "also compare go.mod and Pulumi.yaml in this `folder`")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: nsxtgen [-check] [-project DIR] SCHEMA OUT")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitSame
		}
		return exitTrouble
	}
	if flags.NArg() != 2 {
		flags.Usage()
		return exitTrouble
	}
	differences, err := work(context.Background(), flags.Arg(0), flags.Arg(1), *project, *check, stdout)
	if err != nil {
		fmt.Fprintf(stderr, "nsxtgen: %v\n", err)
		return exitTrouble
	}
	if len(differences) > 0 {
		for _, d := range differences {
			fmt.Fprintln(stderr, d)
		}
		return exitDiffers
	}
	return exitSame
}

// work generates the SDK of the schema and writes it to out, or compares with
// out, then compares the project. It returns one line for each difference.
func work(ctx context.Context, schemaPath, out, project string, check bool, stdout io.Writer) ([]string, error) {
	raw, err := os.ReadFile(schemaPath)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	sdk, err := Generate(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("generate from %s: %w", schemaPath, err)
	}
	var differences []string
	if check {
		if differences, err = Compare(sdk.Files, out); err != nil {
			return nil, err
		}
	} else if err := Replace(sdk, out); err != nil {
		return nil, err
	}
	if project != "" {
		more, err := CompareProject(sdk, project, out)
		if err != nil {
			return nil, err
		}
		differences = append(differences, more...)
	}
	if len(differences) == 0 {
		fmt.Fprintf(stdout, "%s: %d files of %s %s\n", out, len(sdk.Files), sdk.Name, sdk.Version)
	}
	return differences, nil
}
