// Package demotest lets the demo's tests run the real bot by using the test binary as the
// program. Only tests import it.
package demotest
