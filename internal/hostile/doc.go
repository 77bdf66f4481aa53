// Package hostile tries to break the product's promises from outside: people press buttons
// they must not press, services respond with nonsense, and searches look for secrets where
// there must be none. It runs the real program between the two simulators and knows nothing
// about its internals.
package hostile
