// Package hostile tries to break the product's promises from outside: people
// who press what they must not, services that answer nonsense, and whoever
// looks for a secret where none may be. It starts the real program between the
// two simulators and knows nothing of how the program is made.
package hostile
