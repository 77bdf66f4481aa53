// Package wire speaks to the service: how a call gets there, how its answer gets back,
// and what their JSON looks like.
//
//	gate      when may it leave? A limit and a circuit for each operation
//	exchange  one request and its answer; after the deadline, not one byte leaves
//	retry     how often it is tried, and when
//	answer    what came back, or why nothing did
//	shape     the JSON of answers, as odd as it arrives
//
// It owns the form of things, and refuses to know what they mean. It has no classes of
// errors, no table of codes and no tokens, and doesn't know which call removes a
// meeting. Package meetingapi does, and makes an error of an [Answer] or a [NoAnswer].
package wire
