// Package card owns every card in Slack: it posts them, finds them again, and makes
// every draw.
//
// It keeps one rule: nothing drawn earlier may end up on top of a later state. A draw
// without an answer is an open question, because Slack may still carry it out.
// [Board.Draw] therefore reports a state as shown only when a draw of it that started
// after the end of every earlier draw has been answered; until then it asks to be
// called again. Draws of this process are kept in memory, those of others are
// announced in the stored request (cancellation.Drawing).
//
// The package doesn't know the meeting service and changes no request.
package card
