// Package config reads the program's settings from environment variables.
//
// [Config] is a specification for envconfig: its tags name each variable, its default
// and its purpose, and [Usage] prints them with that library. We don't load them with
// it, because envconfig stops at the first fault, prints the faulty value (perhaps a
// secret), accepts an empty value for a required variable, and keeps the line break at
// the end of a secret from a file.
//
// [Load] reads NAME or the file that NAME_FILE names, trims blanks and line breaks,
// treats an empty variable as unset, and collects all faults. A fault names a variable
// and never quotes its value. Load takes the environment as a parameter and reads no
// other global state; it reads files once.
package config
