// Package dbfault sits between the store and its database driver in tests. It counts
// statements and commits, and can make any of them fail, hang or lose the answer.
//
//	var db dbfault.Driver
//	s, err := store.Open(ctx, url, store.Options{Connect: db.Connect})
//	db.Next("UPDATE request", dbfault.LoseAnswer, 1)
//
// It is for tests only; release builds don't import it.
package dbfault
