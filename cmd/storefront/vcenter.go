package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// vcenterCommand reads a vCenter for this one. VMware's SDK alone takes longer to
// build than all the rest, so it lives in a command of its own.
const vcenterCommand = "storefront-vcenter"

// findVCenterCommand looks beside this command first, then in PATH.
func findVCenterCommand() (string, error) {
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), vcenterCommand)
		if st, err := os.Stat(beside); err == nil && st.Mode().IsRegular() {
			return beside, nil
		}
	}
	path, err := exec.LookPath(vcenterCommand)
	if err != nil {
		return "", fmt.Errorf("read vCenter: the command %s is neither beside storefront nor in PATH: build it with: go install ./cmd/%s", vcenterCommand, vcenterCommand)
	}
	return path, nil
}

// capture has the vCenter read into a file. The password goes from the
// environment, or the terminal, to that command without passing through here.
func (f inventoryFlags) capture(ctx context.Context, errOut io.Writer, file string) error {
	path, err := findVCenterCommand()
	if err != nil {
		return err
	}
	args := []string{f.vcenter, "--user", f.user, "--history-days", strconv.Itoa(f.historyDays), "--out", file}
	if f.insecure {
		args = append(args, "--insecure")
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stderr = os.Stdin, errOut
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("read vCenter %s: %s ended with code %d, see above", f.vcenter, vcenterCommand, exit.ExitCode())
		}
		return fmt.Errorf("read vCenter %s: %w", f.vcenter, err)
	}
	return nil
}
