// Package wire sends calls to the service and reads the JSON of its answers.
//
//	gate      a rate limit for each operation
//	exchange  one request and its answer; not a byte leaves too late
//	retry     how often a call is retried, and when
//	answer    an answer, or why there is none
//	shape     the JSON of answers, however odd
//
// It doesn't interpret anything: error classes, codes and tokens are up to package
// meetingapi, which turns an [Answer] or a [NoAnswer] into an error.
package wire
