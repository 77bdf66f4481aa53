// Package composetest checks the compose files with Compose's own loader. It is a separate
// module, so that the program doesn't depend on Compose.
package composetest
