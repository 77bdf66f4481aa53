// Package helmtest tests the Helm chart and the dashboard. It is a separate module, so that
// the program doesn't depend on Kubernetes.
package helmtest
