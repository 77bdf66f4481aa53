// Package helmtest holds the tests of the Helm chart and the dashboard. It is
// a module of its own, so that the program does not depend on Kubernetes.
package helmtest
