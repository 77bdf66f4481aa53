// Package demotest lets the demo's tests run the real bot: the test binary acts as the
// program. Only tests import it.
package demotest
