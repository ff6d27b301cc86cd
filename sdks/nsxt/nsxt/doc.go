// Package nsxt exports types, functions, subpackages for provisioning nsxt resources.
package nsxt
