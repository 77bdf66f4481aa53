// Package help explains what to type: the help text, and what is wrong with a command.
//
// It doesn't parse: package command says which part is wrong, and corrects the line.
package help
