// Package config reads the program's settings from environment variables.
//
// [Config] is a specification for envconfig: its tags name each variable, its
// default and its purpose, and [Usage] prints them with that library. Reading
// is done here, because envconfig stops at the first fault, prints the faulty
// value (a secret, perhaps), takes an empty required variable for a given one,
// and keeps the line end of a secret that came from a file.
//
// [Load] instead reads every variable NAME also from the file that NAME_FILE
// names, trims blanks and line ends, takes an empty variable for one that is
// not set, and collects all faults. A fault names a variable and never repeats
// its value. Load takes the environment as a parameter and reads no other
// global state; files are read once, there.
package config
