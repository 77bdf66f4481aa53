// Package access decides who may do what.
//
// A [Policy] answers one question: may this person use this verb on this request, here and
// now? The answer is the [Right] that allows it, or the [answer.Answer] that refuses. The
// rules are one table (table.go), which is printed in docs/rights.md for reviewers.
//
// Authority never comes from what a button carries. It is looked up at each click, from what
// Slack says about the person who pressed and from the stored request. If a source of
// authority can't be read, only the people who depend on it are shut out.
//
// The package doesn't know the store or the wire, and changes nothing.
package access
