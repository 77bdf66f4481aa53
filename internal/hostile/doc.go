// Package hostile tries to break the product's promises from outside: with people who
// press buttons they must not press, services that answer nonsense, and searches for
// secrets where there must be none. It starts the real program between the two
// simulators and knows nothing about its inside.
package hostile
