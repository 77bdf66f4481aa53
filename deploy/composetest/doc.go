// Package composetest checks the compose files with Compose's own loader. It is a
// module of its own, so that the program does not depend on Compose.
package composetest
