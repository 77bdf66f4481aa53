// Package view draws everything that people read, in every language. A Renderer knows the
// settings and makes a page for a reader, which may be a person or a channel: the language,
// and how much of a meeting they may see. The packages below it draw on that page; each holds
// a group of messages:
//
//	card     the card about one meeting       batch    everything about several meetings
//	notice   the reply and direct messages    answer   a sentence for one person
//	list     lists, choosers, the history     help     help, and faults in a command
//	hometab  the Home tab                     modal    modals with inputs
//
// They build on outcome (how a request ended, in words), page (the reader: language and
// discretion), action (the names of buttons, and what clicks carry), block (Slack's blocks and
// escaped text) and words (the catalogues). Imports run in that direction, and among the
// groups from batch to card, and from list and hometab to the groups whose rows they show.
//
// All of it is pure: the same request, time and language give the same message. There is no
// clock (the time is an argument), no client and no store. A view doesn't know who may do
// what: the caller decides, and the view puts it in words. It reads the request and never
// changes it.
package view
