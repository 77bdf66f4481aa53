// Package demotest lets the demo's tests run the real bot: their own binary
// stands in for the program. It is for tests only; nothing that is shipped
// imports it.
package demotest
