// Package card owns every card in Slack: [Posts] posts cards and finds them again, and [Board]
// makes every draw.
//
// It keeps one rule: no earlier draw may end up on top of a later state. A draw without an
// answer is an open question, because Slack may still apply it. [Board.Draw] therefore reports
// a state as shown only once Slack has answered a draw of it that started after every earlier
// draw had ended; until then it asks to be called again. Draws of this process are kept in
// memory; those of others are announced in the stored request (cancellation.Drawing).
//
// There is one exception. A response_url takes five answers, and a card that only it reaches
// needs the last two for its end and the reply. Once such a card says that the outcome isn't
// known, it isn't drawn again until that is known, whatever an earlier draw does.
//
// The package doesn't know the meeting service and changes no request.
package card
