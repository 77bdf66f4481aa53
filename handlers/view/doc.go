// Package view draws what people read, in every language. A Renderer knows the
// settings and makes the page for a reader, a person or a channel: in which language, and
// how much of a meeting. The packages below it draw on that page, each a group of messages:
//
//	card     the card about one meeting       batch    everything about several meetings
//	notice   the reply and direct messages    answer   a sentence for one person
//	list     lists, choosers, the history     help     help, and faults in a command
//	hometab  the Home tab                     modal    modals with inputs
//
// These are built on outcome (how a request ended, in words), page (a reader: language
// and discretion), action (the names of buttons, and what clicks say), block (Slack's
// blocks and harmless text) and words (the catalogues). Arrows run in that direction,
// and among the groups from batch to card, and from list and hometab to those whose
// rows they show.
//
// All of it is pure: the same request, moment and language give the same message. It
// has no clock (the moment is an argument), no client, no store, and doesn't know who
// may do what: a caller decides, and the view says it. It reads the request and never
// changes it.
package view
