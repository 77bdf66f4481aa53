// Package help explains what to type: the help text, and what is wrong with a command
// that was typed.
//
// It doesn't parse. Which part is wrong, and the corrected line, come from package
// command.
package help
