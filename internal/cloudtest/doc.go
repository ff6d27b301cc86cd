// Package cloudtest brings the stacks up through the providers' own logic on
// simulated clouds: real validation, planning and API calls, without an
// account. It has tests only; `make cloud-test` runs them.
package cloudtest
